# A store with function code 4.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x00004023  # would be a 128-bit sq
    HALT_UNTRAPPED
