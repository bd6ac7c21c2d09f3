# misaligned-ld: 64-bit load from an address that is no multiple of 8.
    .include "test.inc"

    START

# From data: expected, area, address in it, offset
    LOAD    ld, 0x8605feff807f0382, in_data, 1, -8
    LOAD    ld, 0x78605feff807f03, in_data, 2, -3
    LOAD    ld, 0x88078605feff807f, in_data, 3, 100
    LOAD    ld, 0x988078605feff80, in_data, 4, 0
    LOAD    ld, 0xa0988078605feff, in_data, 5, -3
    LOAD    ld, 0x7b0a0988078605fe, in_data, 6, 8
    LOAD    ld, 0xfc7b0a0988078605, in_data, 7, -2048
    LOAD    ld, 0x108dfc7b0a098807, in_data, 9, -3
    LOAD    ld, 0x91108dfc7b0a0988, in_data, 10, 8
    LOAD    ld, 0x1291108dfc7b0a09, in_data, 11, 8
    LOAD    ld, 0x931291108dfc7b0a, in_data, 12, 8

# From the text
    LOAD    ld, 0x8605feff807f0382, in_text, 1, 2047
    LOAD    ld, 0x78605feff807f03, in_text, 2, -3
    LOAD    ld, 0x88078605feff807f, in_text, 3, 100
    LOAD    ld, 0x988078605feff80, in_text, 4, -8
    LOAD    ld, 0xa0988078605feff, in_text, 5, 0
    LOAD    ld, 0x7b0a0988078605fe, in_text, 6, 0
    LOAD    ld, 0xfc7b0a0988078605, in_text, 7, 100
    LOAD    ld, 0x108dfc7b0a098807, in_text, 9, -8

# Over a page's end
    FILL_SCRATCH page_end
    LOAD    ld, 0xaabbccddeeff0011, page_end, 7, 0
    LOAD    ld, 0xbbccddeeff001122, page_end, 6, 0
    LOAD    ld, 0xccddeeff00112233, page_end, 5, 0
    LOAD    ld, 0xddeeff0011223344, page_end, 4, 0
    LOAD    ld, 0xeeff001122334455, page_end, 3, 0
    LOAD    ld, 0xff00112233445566, page_end, 2, 0
    LOAD    ld, 0x11223344556677, page_end, 1, 0

# Registers
    LOAD    ld, 0x931291108dfc7b0a, in_data, 12, 1, rd=x11
    LOAD    ld, 0, in_data, 1, 0, rd=x0
    LOAD    ld, 0x88078605feff807f, in_data, 3, -7, rd=x29, rs1=x1

    PASS
    MEMORY
