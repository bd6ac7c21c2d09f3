# A 32-bit shift by more than 31.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x0202929b  # slliw x5, x5, 32
    HALT_UNTRAPPED
