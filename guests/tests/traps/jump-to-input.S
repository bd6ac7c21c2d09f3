# A jump to the private input.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a0, 0x40000000
    EXPECT_ADDRESS 0x40000000
    EXPECT FETCH_OUT_OF_TEXT
    jalr    x0, 0(a0)
    HALT_UNTRAPPED
