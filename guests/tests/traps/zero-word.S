# The all-zero word.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x00000000  # no instruction by definition
    HALT_UNTRAPPED
