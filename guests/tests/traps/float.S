# Floating point.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x02107053  # fadd.d f0, f0, f1
    HALT_UNTRAPPED
