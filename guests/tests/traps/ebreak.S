# A breakpoint.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT BREAKPOINT
    ebreak
    HALT_UNTRAPPED
