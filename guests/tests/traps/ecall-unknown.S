# A system call that the machine does not have: 63, read under Linux.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a7, 63
    li      a0, 0
    EXPECT UNKNOWN_ECALL
    ecall
    HALT_UNTRAPPED
