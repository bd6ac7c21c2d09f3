# A system call number that is 93 only in its low 32 bits.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a7, (1 << 32) + 93
    li      a0, 0
    EXPECT UNKNOWN_ECALL
    ecall
    HALT_UNTRAPPED
