# An accelerator's words at an address that is no multiple of 8.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a7, 1600
    li      a0, 0xa0030004
    EXPECT ACCELERATOR_MEMORY
    ecall
    HALT_UNTRAPPED
