# Tries to change an instruction that it is about to execute.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl _start
_start:
    WRITE_SOMETHING
    la      a0, victim
    li      a1, 0x13                    # nop
    EXPECT_ADDRESS victim
    EXPECT STORE_TO_READ_ONLY
    sw      a1, 0(a0)
    .globl  victim
victim:
    HALT_UNTRAPPED
