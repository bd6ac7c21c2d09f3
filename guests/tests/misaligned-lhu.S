# misaligned-lhu: 16-bit load from an address that is no multiple of 2.
    .include "test.inc"

    START

# From data: expected, area, address in it, offset
    LOAD    lhu, 0x382, in_data, 1, 100
    LOAD    lhu, 0x807f, in_data, 3, 2047
    LOAD    lhu, 0xfeff, in_data, 5, -99
    LOAD    lhu, 0x8605, in_data, 7, 8
    LOAD    lhu, 0x8807, in_data, 9, -2048
    LOAD    lhu, 0xa09, in_data, 11, 1
    LOAD    lhu, 0xfc7b, in_data, 13, 1
    LOAD    lhu, 0x108d, in_data, 15, -2048
    LOAD    lhu, 0x1291, in_data, 17, -8

# From the text
    LOAD    lhu, 0x382, in_text, 1, 100
    LOAD    lhu, 0x807f, in_text, 3, -8
    LOAD    lhu, 0xfeff, in_text, 5, 0
    LOAD    lhu, 0x8605, in_text, 7, -2048
    LOAD    lhu, 0x8807, in_text, 9, -3
    LOAD    lhu, 0xa09, in_text, 11, 100
    LOAD    lhu, 0xfc7b, in_text, 13, -3
    LOAD    lhu, 0x108d, in_text, 15, 8

# Over a page's end
    FILL_SCRATCH page_end
    LOAD    lhu, 0x11, page_end, 7, 0

# Registers
    LOAD    lhu, 0x1291, in_data, 17, 1, rd=x11
    LOAD    lhu, 0, in_data, 1, 0, rd=x0
    LOAD    lhu, 0xfeff, in_data, 5, -7, rd=x29, rs1=x1

    PASS
    MEMORY
