# fence: does nothing here, with any ordering sets, also with those of reserved encodings.
    .include "test.inc"

# Registers and memory are as before.
    .macro  TEST_FENCE word
    NEXT
    li      x14, case * 0x0101010101010101
    la      x13, scratch
    sd      x14, 0(x13)
    .word   \word
    ld      x15, 0(x13)
    EXPECT  x14, case * 0x0101010101010101
    EXPECT_SAME x14, x15
    .endm

    START

    TEST_FENCE 0x0ff0000f              # iorw, iorw
    TEST_FENCE 0x0330000f              # rw, rw
    TEST_FENCE 0x0110000f              # w, w
    TEST_FENCE 0x0220000f              # r, r
    TEST_FENCE 0x0230000f              # r, rw
    TEST_FENCE 0x0310000f              # rw, w
    TEST_FENCE 0x0f00000f              # iorw, nothing
    TEST_FENCE 0x8330000f              # fence.tso
    TEST_FENCE 0x0100000f              # pause
    TEST_FENCE 0x0000000f              # nothing, nothing
    TEST_FENCE 0x0ff7878f              # register fields are reserved and ignored

    PASS
    MEMORY
