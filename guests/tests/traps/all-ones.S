# The all-ones word.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0xffffffff  # no instruction by definition
    HALT_UNTRAPPED
