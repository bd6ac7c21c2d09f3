# Runs into a word that is no instruction.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl _start
_start:
    WRITE_SOMETHING
    EXPECT ILLEGAL_INSTRUCTION
    .word   0xffffffff
    HALT_UNTRAPPED
