# misaligned-sd: 64-bit store to an address that is no multiple of 8; neighbouring bytes stay.
    .include "test.inc"

    START

# value, area, address in it, offset, both words afterwards
    STORE   sd, 0x0, scratch, 1, -8, 0x88, 0x99aabbccddeeff00
    STORE   sd, 0xffffffffffffffff, scratch, 2, 2047, 0xffffffffffff7788, 0x99aabbccddeeffff
    STORE   sd, 0x123456789abcdef, scratch, 3, -3, 0x6789abcdef667788, 0x99aabbccdd012345
    STORE   sd, 0xfedcba9876543210, scratch, 4, 0, 0x7654321055667788, 0x99aabbccfedcba98
    STORE   sd, 0x8000000000000080, scratch, 5, 8, 0x804455667788, 0x99aabb8000000000
    STORE   sd, 0xa5a5a5a55a5a5a5a, scratch, 6, -99, 0x5a5a334455667788, 0x99aaa5a5a5a55a5a
    STORE   sd, 0xdb96134a829e28a3, scratch, 7, -3, 0xa322334455667788, 0x99db96134a829e28

# Over a page's end
    STORE   sd, 0x22c3785441194041, page_end, 7, 0, 0x4122334455667788, 0x9922c37854411940
    STORE   sd, 0xd2367e3149abf9b2, page_end, 6, 0, 0xf9b2334455667788, 0x99aad2367e3149ab
    STORE   sd, 0x7391311a3880012e, page_end, 5, 0, 0x80012e4455667788, 0x99aabb7391311a38
    STORE   sd, 0x54702aae4bf1090c, page_end, 4, 0, 0x4bf1090c55667788, 0x99aabbcc54702aae
    STORE   sd, 0xf3bc6e5aa29ad839, page_end, 3, 0, 0x5aa29ad839667788, 0x99aabbccddf3bc6e
    STORE   sd, 0x2145e73fd0160725, page_end, 2, 0, 0xe73fd01607257788, 0x99aabbccddee2145
    STORE   sd, 0xc7232b19f177dbbe, page_end, 1, 0, 0x232b19f177dbbe88, 0x99aabbccddeeffc7

# Registers
    STORE   sd, 0x0, scratch, 4, 0, 0x55667788, 0x99aabbcc00000000, rs2=x0
    STORE   sd, 0x55aa55aa55aa55aa, scratch, 1, -1, 0xaa55aa55aa55aa88, 0x99aabbccddeeff55, rs2=x29, rs1=x1

    PASS
    MEMORY
