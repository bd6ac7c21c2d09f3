# A jalr with another function code.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x00009067  # jalr with function 1
    HALT_UNTRAPPED
