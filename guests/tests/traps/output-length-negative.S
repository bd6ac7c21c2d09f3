# A halt with an output length of all ones.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      t0, 0xf0000000
    li      t1, -1
    sd      t1, 0(t0)
    li      a0, 0
    li      a7, 93
    EXPECT OUTPUT_TOO_LONG
    ecall
