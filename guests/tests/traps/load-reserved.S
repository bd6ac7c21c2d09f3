# A load-reserved.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x1005a52f  # lr.w x10, (x11)
    HALT_UNTRAPPED
