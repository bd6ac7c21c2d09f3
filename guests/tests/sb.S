# sb: 8-bit store; neighbouring bytes stay.
    .include "test.inc"

    START

# value, area, address in it, offset, both words afterwards
    STORE   sb, 0x0, scratch, 0, 100, 0x1122334455667700, 0x99aabbccddeeff00
    STORE   sb, 0xffffffffffffffff, scratch, 1, 100, 0x112233445566ff88, 0x99aabbccddeeff00
    STORE   sb, 0x123456789abcdef, scratch, 2, 0, 0x1122334455ef7788, 0x99aabbccddeeff00
    STORE   sb, 0xfedcba9876543210, scratch, 3, -8, 0x1122334410667788, 0x99aabbccddeeff00
    STORE   sb, 0x8000000000000080, scratch, 4, -99, 0x1122338055667788, 0x99aabbccddeeff00
    STORE   sb, 0xa5a5a5a55a5a5a5a, scratch, 5, 0, 0x11225a4455667788, 0x99aabbccddeeff00
    STORE   sb, 0x0, scratch, 6, 1, 0x1100334455667788, 0x99aabbccddeeff00
    STORE   sb, 0xffffffffffffffff, scratch, 7, 100, 0xff22334455667788, 0x99aabbccddeeff00
    STORE   sb, 0x123456789abcdef, scratch, 8, -3, 0x1122334455667788, 0x99aabbccddeeffef
    STORE   sb, 0xfedcba9876543210, scratch, 9, 1, 0x1122334455667788, 0x99aabbccddee1000
    STORE   sb, 0x8000000000000080, scratch, 10, 0, 0x1122334455667788, 0x99aabbccdd80ff00
    STORE   sb, 0xa5a5a5a55a5a5a5a, scratch, 11, -2048, 0x1122334455667788, 0x99aabbcc5aeeff00
    STORE   sb, 0x0, scratch, 12, 0, 0x1122334455667788, 0x99aabb00ddeeff00
    STORE   sb, 0xffffffffffffffff, scratch, 13, -99, 0x1122334455667788, 0x99aaffccddeeff00
    STORE   sb, 0x123456789abcdef, scratch, 14, -99, 0x1122334455667788, 0x99efbbccddeeff00
    STORE   sb, 0xfedcba9876543210, scratch, 15, 2047, 0x1122334455667788, 0x10aabbccddeeff00
    STORE   sb, 0xbd360f157c31e49, scratch, 3, -3, 0x1122334449667788, 0x99aabbccddeeff00
    STORE   sb, 0x3265629ef148fdb2, scratch, 2, -3, 0x1122334455b27788, 0x99aabbccddeeff00
    STORE   sb, 0xb67ed87f15c503c9, scratch, 5, 1, 0x1122c94455667788, 0x99aabbccddeeff00
    STORE   sb, 0x644be2769817afc3, scratch, 8, -2048, 0x1122334455667788, 0x99aabbccddeeffc3
    STORE   sb, 0xe65e487e64b0750c, scratch, 9, 2047, 0x1122334455667788, 0x99aabbccddee0c00
    STORE   sb, 0x8072e074fe7bf13b, scratch, 11, -3, 0x1122334455667788, 0x99aabbcc3beeff00

# Offsets at their limits
    STORE   sb, 0x1357924680acebdf, scratch, 0, 2047, 0x11223344556677df, 0x99aabbccddeeff00
    STORE   sb, 0x2468ace013579bdf, scratch, 8, -2048, 0x1122334455667788, 0x99aabbccddeeffdf

# Registers
    STORE   sb, 0x0, scratch, 8, 0, 0x1122334455667788, 0x99aabbccddeeff00, rs2=x0
    STORE   sb, 0x55aa55aa55aa55aa, scratch, 0, -8, 0x11223344556677aa, 0x99aabbccddeeff00, rs2=x29, rs1=x1
    STORE   sb, 0x66bb66bb66bb66bb, scratch, 8, 8, 0x1122334455667788, 0x99aabbccddeeffbb, rs2=x1, rs1=x28

# Its own address
    NEXT
    la      x11, scratch
    sd      x0, 0(x11)
    sb      x11, 0(x11)
    ld      x12, 0(x11)
    slli    x13, x11, 56
    srli    x13, x13, 56
    sub     x12, x12, x13
    EXPECT  x12, 0

    PASS
    MEMORY
