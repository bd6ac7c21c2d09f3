# A return from a trap handler: there is only one privilege mode.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    EXPECT ILLEGAL_INSTRUCTION
    .word   0x30200073  # mret
    HALT_UNTRAPPED
