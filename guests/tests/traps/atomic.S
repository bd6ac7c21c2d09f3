# An atomic memory operation.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x00b6202f  # amoadd.w x0, x11, (x12)
    HALT_UNTRAPPED
