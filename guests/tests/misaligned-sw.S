# misaligned-sw: 32-bit store to an address that is no multiple of 4; neighbouring bytes stay.
    .include "test.inc"

    START

# value, area, address in it, offset, both words afterwards
    STORE   sw, 0x0, scratch, 1, -3, 0x1122330000000088, 0x99aabbccddeeff00
    STORE   sw, 0xffffffffffffffff, scratch, 2, -2048, 0x1122ffffffff7788, 0x99aabbccddeeff00
    STORE   sw, 0x123456789abcdef, scratch, 3, 1, 0x1189abcdef667788, 0x99aabbccddeeff00
    STORE   sw, 0xfedcba9876543210, scratch, 5, 0, 0x5432104455667788, 0x99aabbccddeeff76
    STORE   sw, 0x8000000000000080, scratch, 6, -99, 0x80334455667788, 0x99aabbccddee0000
    STORE   sw, 0xa5a5a5a55a5a5a5a, scratch, 7, 0, 0x5a22334455667788, 0x99aabbccdd5a5a5a
    STORE   sw, 0xe454cf926e07754b, scratch, 9, -99, 0x1122334455667788, 0x99aabb6e07754b00
    STORE   sw, 0x0, scratch, 10, 8, 0x1122334455667788, 0x99aa00000000ff00
    STORE   sw, 0xffffffffffffffff, scratch, 11, -2048, 0x1122334455667788, 0x99ffffffffeeff00

# Over a page's end
    STORE   sw, 0x1d297ba70b17475e, page_end, 7, 0, 0x5e22334455667788, 0x99aabbccdd0b1747
    STORE   sw, 0xb3ecf8edc664e3d1, page_end, 6, 0, 0xe3d1334455667788, 0x99aabbccddeec664
    STORE   sw, 0xfb56418ebb7ebd2, page_end, 5, 0, 0xb7ebd24455667788, 0x99aabbccddeeffeb

# Registers
    STORE   sw, 0x0, scratch, 6, 0, 0x334455667788, 0x99aabbccddee0000, rs2=x0
    STORE   sw, 0x55aa55aa55aa55aa, scratch, 5, -1, 0xaa55aa4455667788, 0x99aabbccddeeff55, rs2=x29, rs1=x1

    PASS
    MEMORY
