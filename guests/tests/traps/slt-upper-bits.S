# A comparison with reserved upper bits.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x40c5a533  # would be slt with the bit of sub
    HALT_UNTRAPPED
