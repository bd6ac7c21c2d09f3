# A jal to the middle of an instruction.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT FETCH_MISALIGNED
    .word   0x006000ef                # jal x1, + 6
    EXPECT_ADDRESS 0x80000006
    HALT_UNTRAPPED
