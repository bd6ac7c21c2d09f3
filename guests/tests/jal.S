# jal: jumps relative to its own address and links to the instruction after it.
    .include "test.inc"

# Forwards over words that are no instructions; rd must hold the address of the first of them.
    .macro  JAL_FORWARDS rd, words
    NEXT
    jal     \rd, 2f
1:  .fill   \words, 4, 0
2:  la      x14, 1b
    EXPECT_SAME x14, \rd
    .endm

    START

# Forwards
    JAL_FORWARDS x1, 1
    JAL_FORWARDS x5, 2
    JAL_FORWARDS x13, 7
    JAL_FORWARDS x29, 1023
    JAL_FORWARDS x10, 1024
    JAL_FORWARDS x15, 3000

# To the next instruction
    NEXT
    jal     x12, 1f
1:  la      x14, 1b
    EXPECT_SAME x12, x14

# Without a link
    NEXT
    li      x14, 1
    jal     x0, 1f
    li      x14, 2
1:  EXPECT  x14, 1
    NEXT
    EXPECT  x0, 0

# Backwards, near and over more than 4 KiB
    NEXT
    j       3f
1:  li      x14, 7
    j       5f
2:  la      x15, 4f
    EXPECT_SAME x13, x15
    jal     x12, 1b
    .fill   2000, 4, 0
3:  jal     x13, 2b
4:  .word   0
5:  EXPECT  x14, 7

# A loop of jumps: 1 + 2 + ... + 10
    NEXT
    li      x14, 0
    li      x12, 10
1:  beq     x12, x0, 2f
    add     x14, x14, x12
    addi    x12, x12, -1
    jal     x11, 1b
2:  EXPECT  x14, 55

    PASS
