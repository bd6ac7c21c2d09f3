# jalr: jumps to register + offset with bit 0 cleared and links to the instruction after it.
    .include "test.inc"

# Jumps to 2: through rs1, which holds its address minus the offset plus `low` (0 or 1: bit 0 is
# to be ignored). rd must hold the address after the jalr.
    .macro  TEST_JALR rd, rs1, offset, low=0
    NEXT
    la      \rs1, 2f - (\offset) + \low
    jalr    \rd, \offset(\rs1)
1:  .word   0, 0
2:  la      x14, 1b
    EXPECT_SAME x14, \rd
    .endm

# The same without a link.
    .macro  JALR_X0 rs1, offset
    NEXT
    li      x14, 1
    la      \rs1, 2f - (\offset)
    jalr    x0, \offset(\rs1)
    li      x14, 2
2:  EXPECT  x14, 1
    NEXT
    EXPECT  x0, 0
    .endm

    START

# Offsets
    TEST_JALR x12, x11, 0
    TEST_JALR x12, x11, 4
    TEST_JALR x12, x11, -4
    TEST_JALR x12, x11, 2047
    TEST_JALR x12, x11, -2048
    TEST_JALR x12, x11, 1
    TEST_JALR x12, x11, -1
    TEST_JALR x12, x11, 2

# Bit 0 of the sum is cleared
    TEST_JALR x12, x11, 0, 1
    TEST_JALR x12, x11, 8, 1
    TEST_JALR x12, x11, -2047, 1
    TEST_JALR x12, x11, 3, 1

# Registers; the address is taken before the link is written
    TEST_JALR x11, x11, 0
    TEST_JALR x1, x1, -16
    TEST_JALR x1, x5, 0
    TEST_JALR x29, x28, 100
    TEST_JALR x10, x9, -100
    JALR_X0 x1, 0
    JALR_X0 x13, -24

# Call and return, nested
    NEXT
    li      x14, 1
    la      x11, outer
    jalr    x1, 0(x11)
    addi    x14, x14, 100
    EXPECT  x14, 123

    PASS

    .text
outer:
    mv      x9, x1
    addi    x14, x14, 2
    jal     x1, inner
    jalr    x0, 0(x9)
    .word   0
inner:
    addi    x14, x14, 20
    jalr    x0, 0(x1)
