# A taken branch to the middle of an instruction.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    .word   0x00001163                # bne x0, x0, + 2: not taken, hence no trap
    EXPECT FETCH_MISALIGNED
    .word   0x00000363                # beq x0, x0, + 6
    EXPECT_ADDRESS 0x8000000a
    HALT_UNTRAPPED
