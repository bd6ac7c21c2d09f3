# sh: 16-bit store; neighbouring bytes stay.
    .include "test.inc"

    START

# value, area, address in it, offset, both words afterwards
    STORE   sh, 0x0, scratch, 0, 8, 0x1122334455660000, 0x99aabbccddeeff00
    STORE   sh, 0xffffffffffffffff, scratch, 2, 1, 0x11223344ffff7788, 0x99aabbccddeeff00
    STORE   sh, 0x123456789abcdef, scratch, 4, -99, 0x1122cdef55667788, 0x99aabbccddeeff00
    STORE   sh, 0xfedcba9876543210, scratch, 6, 0, 0x3210334455667788, 0x99aabbccddeeff00
    STORE   sh, 0x8000000000000080, scratch, 8, 0, 0x1122334455667788, 0x99aabbccddee0080
    STORE   sh, 0xa5a5a5a55a5a5a5a, scratch, 10, 1, 0x1122334455667788, 0x99aabbcc5a5aff00
    STORE   sh, 0x0, scratch, 12, -8, 0x1122334455667788, 0x99aa0000ddeeff00
    STORE   sh, 0xffffffffffffffff, scratch, 14, 100, 0x1122334455667788, 0xffffbbccddeeff00
    STORE   sh, 0x5aa54910ad20652d, scratch, 0, -2048, 0x112233445566652d, 0x99aabbccddeeff00
    STORE   sh, 0xd29262446eb0304f, scratch, 10, -3, 0x1122334455667788, 0x99aabbcc304fff00
    STORE   sh, 0x2c5240f5c5d0ba98, scratch, 4, -8, 0x1122ba9855667788, 0x99aabbccddeeff00
    STORE   sh, 0xd3081671e50e5930, scratch, 10, 8, 0x1122334455667788, 0x99aabbcc5930ff00
    STORE   sh, 0xd51f21e9c94d118d, scratch, 14, 100, 0x1122334455667788, 0x118dbbccddeeff00
    STORE   sh, 0x4cecd41ea34f871c, scratch, 4, -99, 0x1122871c55667788, 0x99aabbccddeeff00

# Offsets at their limits
    STORE   sh, 0x1357924680acebdf, scratch, 0, 2047, 0x112233445566ebdf, 0x99aabbccddeeff00
    STORE   sh, 0x2468ace013579bdf, scratch, 8, -2048, 0x1122334455667788, 0x99aabbccddee9bdf

# Registers
    STORE   sh, 0x0, scratch, 8, 0, 0x1122334455667788, 0x99aabbccddee0000, rs2=x0
    STORE   sh, 0x55aa55aa55aa55aa, scratch, 0, -8, 0x11223344556655aa, 0x99aabbccddeeff00, rs2=x29, rs1=x1
    STORE   sh, 0x66bb66bb66bb66bb, scratch, 8, 8, 0x1122334455667788, 0x99aabbccddee66bb, rs2=x1, rs1=x28

# Its own address
    NEXT
    la      x11, scratch
    sd      x0, 0(x11)
    sh      x11, 0(x11)
    ld      x12, 0(x11)
    slli    x13, x11, 48
    srli    x13, x13, 48
    sub     x12, x12, x13
    EXPECT  x12, 0

    PASS
    MEMORY
