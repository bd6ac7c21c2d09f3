# An accelerator's words whose address has more than 32 bits.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a7, 1600
    li      a0, (1 << 40) + 0xa0030000
    EXPECT ACCELERATOR_MEMORY
    ecall
    HALT_UNTRAPPED
