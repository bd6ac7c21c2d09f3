# sw: 32-bit store; neighbouring bytes stay.
    .include "test.inc"

    START

# value, area, address in it, offset, both words afterwards
    STORE   sw, 0x0, scratch, 0, 0, 0x1122334400000000, 0x99aabbccddeeff00
    STORE   sw, 0xffffffffffffffff, scratch, 4, -99, 0xffffffff55667788, 0x99aabbccddeeff00
    STORE   sw, 0x123456789abcdef, scratch, 8, -2048, 0x1122334455667788, 0x99aabbcc89abcdef
    STORE   sw, 0xfedcba9876543210, scratch, 12, 2047, 0x1122334455667788, 0x76543210ddeeff00
    STORE   sw, 0x9932bc3f3626e136, scratch, 0, 2047, 0x112233443626e136, 0x99aabbccddeeff00
    STORE   sw, 0x6974ad17c6ccd33e, scratch, 0, -3, 0x11223344c6ccd33e, 0x99aabbccddeeff00
    STORE   sw, 0x19567da106fd78ed, scratch, 8, -2048, 0x1122334455667788, 0x99aabbcc06fd78ed
    STORE   sw, 0x4fe79aabb44f01ad, scratch, 8, -3, 0x1122334455667788, 0x99aabbccb44f01ad
    STORE   sw, 0xcfed4fc2e2ba50a7, scratch, 8, -99, 0x1122334455667788, 0x99aabbcce2ba50a7
    STORE   sw, 0x59dd8de5be109474, scratch, 12, 100, 0x1122334455667788, 0xbe109474ddeeff00

# Offsets at their limits
    STORE   sw, 0x1357924680acebdf, scratch, 0, 2047, 0x1122334480acebdf, 0x99aabbccddeeff00
    STORE   sw, 0x2468ace013579bdf, scratch, 8, -2048, 0x1122334455667788, 0x99aabbcc13579bdf

# Registers
    STORE   sw, 0x0, scratch, 8, 0, 0x1122334455667788, 0x99aabbcc00000000, rs2=x0
    STORE   sw, 0x55aa55aa55aa55aa, scratch, 0, -8, 0x1122334455aa55aa, 0x99aabbccddeeff00, rs2=x29, rs1=x1
    STORE   sw, 0x66bb66bb66bb66bb, scratch, 8, 8, 0x1122334455667788, 0x99aabbcc66bb66bb, rs2=x1, rs1=x28

# Its own address
    NEXT
    la      x11, scratch
    sd      x0, 0(x11)
    sw      x11, 0(x11)
    ld      x12, 0(x11)
    slli    x13, x11, 32
    srli    x13, x13, 32
    sub     x12, x12, x13
    EXPECT  x12, 0

    PASS
    MEMORY
