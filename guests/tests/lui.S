# lui: the immediate in bits 12 to 31, sign-extended to 64 bits.
    .include "test.inc"

    .macro  TEST_LUI expected, imm, rd=x14
    NEXT
    li      \rd, -1
    lui     \rd, \imm
    EXPECT  \rd, \expected
    .endm

    START

# Values: expected, immediate
    TEST_LUI 0, 0
    TEST_LUI 0x1000, 1
    TEST_LUI 0x8000, 8
    TEST_LUI 0xffff000, 0xffff
    TEST_LUI 0x10000000, 0x10000
    TEST_LUI 0x12345000, 0x12345
    TEST_LUI 0x55555000, 0x55555
    TEST_LUI 0x7ffff000, 0x7ffff
    TEST_LUI 0xffffffff80000000, 0x80000
    TEST_LUI 0xffffffff80001000, 0x80001
    TEST_LUI 0xffffffffaaaaa000, 0xaaaaa
    TEST_LUI 0xfffffffffedcb000, 0xfedcb
    TEST_LUI 0xfffffffffffff000, 0xfffff

# Registers
    TEST_LUI 0, 0x12345, rd=x0
    TEST_LUI 0x76543000, 0x76543, rd=x1
    TEST_LUI 0xffffffff89abc000, 0x89abc, rd=x29
    TEST_LUI 0xffffffffc0ffe000, 0xc0ffe, rd=x16

    PASS
