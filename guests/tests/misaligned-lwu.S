# misaligned-lwu: 32-bit load from an address that is no multiple of 4.
    .include "test.inc"

    START

# From data: expected, area, address in it, offset
    LOAD    lwu, 0x807f0382, in_data, 1, 0
    LOAD    lwu, 0xff807f03, in_data, 2, 100
    LOAD    lwu, 0xfeff807f, in_data, 3, 1
    LOAD    lwu, 0x8605feff, in_data, 5, 2047
    LOAD    lwu, 0x78605fe, in_data, 6, -8
    LOAD    lwu, 0x88078605, in_data, 7, 0
    LOAD    lwu, 0xa098807, in_data, 9, -8
    LOAD    lwu, 0x7b0a0988, in_data, 10, -8
    LOAD    lwu, 0xfc7b0a09, in_data, 11, 0
    LOAD    lwu, 0x108dfc7b, in_data, 13, 2047
    LOAD    lwu, 0x91108dfc, in_data, 14, 0
    LOAD    lwu, 0x1291108d, in_data, 15, 8

# From the text
    LOAD    lwu, 0x807f0382, in_text, 1, 2047
    LOAD    lwu, 0xff807f03, in_text, 2, 8
    LOAD    lwu, 0xfeff807f, in_text, 3, 100
    LOAD    lwu, 0x8605feff, in_text, 5, 1
    LOAD    lwu, 0x78605fe, in_text, 6, 1
    LOAD    lwu, 0x88078605, in_text, 7, 1
    LOAD    lwu, 0xa098807, in_text, 9, -2048
    LOAD    lwu, 0x7b0a0988, in_text, 10, 8

# Over a page's end
    FILL_SCRATCH page_end
    LOAD    lwu, 0xeeff0011, page_end, 7, 0
    LOAD    lwu, 0xff001122, page_end, 6, 0
    LOAD    lwu, 0x112233, page_end, 5, 0

# Registers
    LOAD    lwu, 0x1291108d, in_data, 15, 1, rd=x11
    LOAD    lwu, 0, in_data, 1, 0, rd=x0
    LOAD    lwu, 0xfeff807f, in_data, 3, -7, rd=x29, rs1=x1

    PASS
    MEMORY
