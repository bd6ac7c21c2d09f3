# A bit manipulation of the B extension.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x40c5f533  # andn x10, x11, x12
    HALT_UNTRAPPED
