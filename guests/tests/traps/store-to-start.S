# A store to the first instruction, which has been executed.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a0, 0x80000000
    EXPECT_ADDRESS 0x80000000
    EXPECT STORE_TO_READ_ONLY
    sw      a1, 0(a0)
    HALT_UNTRAPPED
