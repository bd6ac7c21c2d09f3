# A control and status register.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0xc00022f3  # rdcycle x5
    HALT_UNTRAPPED
