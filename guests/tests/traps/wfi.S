# Waiting for an interrupt: there are none.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x10500073  # wfi
    HALT_UNTRAPPED
