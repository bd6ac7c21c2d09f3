# Follows a null pointer into a structure.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl _start
_start:
    WRITE_SOMETHING
    li      a0, 0
    EXPECT_ADDRESS 16
    EXPECT UNMAPPED_LOAD
    ld      a1, 16(a0)
    HALT_UNTRAPPED
