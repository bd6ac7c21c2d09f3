# A floating-point load.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x00053007  # fld f0, 0(x10)
    HALT_UNTRAPPED
