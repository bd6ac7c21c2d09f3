# misaligned-sh: 16-bit store to an address that is no multiple of 2; neighbouring bytes stay.
    .include "test.inc"

    START

# value, area, address in it, offset, both words afterwards
    STORE   sh, 0x0, scratch, 1, -99, 0x1122334455000088, 0x99aabbccddeeff00
    STORE   sh, 0xffffffffffffffff, scratch, 3, -3, 0x112233ffff667788, 0x99aabbccddeeff00
    STORE   sh, 0x123456789abcdef, scratch, 5, -2048, 0x11cdef4455667788, 0x99aabbccddeeff00
    STORE   sh, 0xfedcba9876543210, scratch, 7, -2048, 0x1022334455667788, 0x99aabbccddeeff32
    STORE   sh, 0x8000000000000080, scratch, 9, -99, 0x1122334455667788, 0x99aabbccdd008000
    STORE   sh, 0xa5a5a5a55a5a5a5a, scratch, 11, 0, 0x1122334455667788, 0x99aabb5a5aeeff00
    STORE   sh, 0xb3a74b2957b772d4, scratch, 13, 0, 0x1122334455667788, 0x9972d4ccddeeff00

# Over a page's end
    STORE   sh, 0xa635105aab6ae8c6, page_end, 7, 0, 0xc622334455667788, 0x99aabbccddeeffe8

# Registers
    STORE   sh, 0x0, scratch, 7, 0, 0x22334455667788, 0x99aabbccddeeff00, rs2=x0
    STORE   sh, 0x55aa55aa55aa55aa, scratch, 7, -1, 0xaa22334455667788, 0x99aabbccddeeff55, rs2=x29, rs1=x1

    PASS
    MEMORY
