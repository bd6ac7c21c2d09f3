# An accelerator's words in the program itself.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a7, 1600
    li      a0, 0x80000000
    EXPECT ACCELERATOR_MEMORY
    ecall
    HALT_UNTRAPPED
