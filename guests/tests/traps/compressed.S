# Compressed instructions.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x00010001  # c.nop, c.nop
    HALT_UNTRAPPED
