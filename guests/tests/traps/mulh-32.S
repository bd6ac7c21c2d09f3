# A high product of 32-bit numbers: does not exist.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x02c597bb  # would be mulhw x15, x11, x12
    HALT_UNTRAPPED
