# Control runs past the end of the text.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    nop
    nop
    EXPECT FETCH_OUT_OF_TEXT
