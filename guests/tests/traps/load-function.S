# A load with function code 7.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x00007003  # would be a 128-bit ldu
    HALT_UNTRAPPED
