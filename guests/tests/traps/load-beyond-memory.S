# A load from the first address after memory.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a0, 0x100000000
    EXPECT_ADDRESS 0x100000000
    EXPECT UNMAPPED_LOAD
    lb      a1, 0(a0)
    HALT_UNTRAPPED
