# A branch with function code 2.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x00002063  # no branch
    HALT_UNTRAPPED
