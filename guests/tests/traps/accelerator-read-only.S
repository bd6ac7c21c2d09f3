# An accelerator's words in the private input.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a7, 1256
    li      a0, 0x40000000
    EXPECT ACCELERATOR_MEMORY
    ecall
    HALT_UNTRAPPED
