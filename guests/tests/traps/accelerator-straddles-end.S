# An accelerator's words that reach beyond the memory's end.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a7, 1256
    li      a0, 0xffffffb0
    EXPECT ACCELERATOR_MEMORY
    ecall
    HALT_UNTRAPPED
