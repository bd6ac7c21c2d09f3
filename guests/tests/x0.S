# x0: whatever writes to it, it reads as zero, and what was to be written goes nowhere.
    .include "test.inc"

    .macro  DISCARD instruction:vararg
    NEXT
    \instruction
    EXPECT  x0, 0
    .endm

    START
    li      x11, -5
    li      x12, 7
    la      x13, in_data

    DISCARD addi x0, x0, 0
    DISCARD addi x0, x0, 5
    DISCARD addi x0, x11, 5
    DISCARD addiw x0, x11, 1
    DISCARD lui x0, 0xfffff
    DISCARD auipc x0, 1
    DISCARD add x0, x11, x12
    DISCARD sub x0, x11, x12
    DISCARD subw x0, x11, x12
    DISCARD xor x0, x11, x12
    DISCARD ori x0, x11, 1
    DISCARD sltu x0, x0, x12
    DISCARD slti x0, x11, 0
    DISCARD slli x0, x12, 63
    DISCARD srai x0, x11, 1
    DISCARD srlw x0, x11, x12
    DISCARD mul x0, x11, x12
    DISCARD mulhu x0, x11, x12
    DISCARD mulw x0, x11, x12
    DISCARD div x0, x11, x0
    DISCARD remu x0, x11, x12
    DISCARD divuw x0, x11, x12
    DISCARD lb x0, 1(x13)
    DISCARD ld x0, 0(x13)
    DISCARD lwu x0, 1(x13)

# As a source it is zero, also after those
    NEXT
    add     x14, x0, x0
    EXPECT  x14, 0
    NEXT
    sub     x14, x0, x12
    EXPECT  x14, -7
    NEXT
    la      x15, scratch
    li      x14, -1
    sd      x14, 0(x15)
    sd      x0, 0(x15)
    ld      x14, 0(x15)
    EXPECT  x14, 0

    PASS
    MEMORY
