# A shift with reserved upper bits.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0xc012d293  # srai-like x5, x5, 1
    HALT_UNTRAPPED
