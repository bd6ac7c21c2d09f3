# fence.i: the text never changes.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x0000100f  # fence.i
    HALT_UNTRAPPED
