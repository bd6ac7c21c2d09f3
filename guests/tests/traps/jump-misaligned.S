# A jump to the middle of an instruction.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a0, 0x80000002
    EXPECT_ADDRESS 0x80000002
    EXPECT FETCH_MISALIGNED
    jalr    x0, 0(a0)
    HALT_UNTRAPPED
