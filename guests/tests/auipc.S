# auipc: its own address plus the immediate in bits 12 to 31, sign-extended. The address of each
# is known from the link of a jal just before it; the code lies on both sides of several multiples
# of 4 KiB, so that bit 12 of the address is now 0, now 1, and sums carry.
    .include "test.inc"

    .macro  TEST_AUIPC expected, imm, rd=x14
    NEXT
    jal     x13, 1f
1:  auipc   \rd, \imm
    sub     \rd, \rd, x13
    EXPECT  \rd, \expected
    .endm

    .macro  VALUES
    TEST_AUIPC 0, 0
    TEST_AUIPC 0x1000, 1
    TEST_AUIPC 0x2000, 2
    TEST_AUIPC 0xf000, 0xf
    TEST_AUIPC 0x12345000, 0x12345
    TEST_AUIPC 0x7ffff000, 0x7ffff
    TEST_AUIPC 0xffffffff80000000, 0x80000
    TEST_AUIPC 0xffffffff80001000, 0x80001
    TEST_AUIPC 0xffffffffedcba000, 0xedcba
    TEST_AUIPC 0xfffffffffffff000, 0xfffff
    .endm

# Goes on so that the auipc of the next case lies `before` bytes before a multiple of 4 KiB:
# its li and jal take 8 bytes.
    .macro  GO_ON_AT before
    j       3f
    .balign 4096, 0
    .space  4096 - 8 - \before
3:
    .endm

    START

# Below the first multiple: expected, immediate
    VALUES
    TEST_AUIPC 0x5a5a5000, 0x5a5a5, rd=x29
    TEST_AUIPC 0xffffffffa5a5a000, 0xa5a5a, rd=x1

# In the last slot before a multiple, and from there on
    GO_ON_AT 4
    VALUES

# In the first slot after one
    GO_ON_AT 0
    VALUES

# x0 stays zero
    NEXT
    auipc   x0, 0x12345
    EXPECT  x0, 0

# The address itself, which the linker puts into memory as a whole
    NEXT
4:  auipc   x14, 0
    la      x15, address
    ld      x15, 0(x15)
    EXPECT_SAME x14, x15

    PASS

    .data
    .balign 8
address:
    .dword  4b
