# misaligned-lw: 32-bit load from an address that is no multiple of 4.
    .include "test.inc"

    START

# From data: expected, area, address in it, offset
    LOAD    lw, 0xffffffff807f0382, in_data, 1, 8
    LOAD    lw, 0xffffffffff807f03, in_data, 2, -8
    LOAD    lw, 0xfffffffffeff807f, in_data, 3, -3
    LOAD    lw, 0xffffffff8605feff, in_data, 5, 8
    LOAD    lw, 0x78605fe, in_data, 6, 100
    LOAD    lw, 0xffffffff88078605, in_data, 7, 1
    LOAD    lw, 0xa098807, in_data, 9, 0
    LOAD    lw, 0x7b0a0988, in_data, 10, -8
    LOAD    lw, 0xfffffffffc7b0a09, in_data, 11, -8
    LOAD    lw, 0x108dfc7b, in_data, 13, 8
    LOAD    lw, 0xffffffff91108dfc, in_data, 14, 2047
    LOAD    lw, 0x1291108d, in_data, 15, -99

# From the text
    LOAD    lw, 0xffffffff807f0382, in_text, 1, 0
    LOAD    lw, 0xffffffffff807f03, in_text, 2, -8
    LOAD    lw, 0xfffffffffeff807f, in_text, 3, 8
    LOAD    lw, 0xffffffff8605feff, in_text, 5, 0
    LOAD    lw, 0x78605fe, in_text, 6, 100
    LOAD    lw, 0xffffffff88078605, in_text, 7, 2047
    LOAD    lw, 0xa098807, in_text, 9, 8
    LOAD    lw, 0x7b0a0988, in_text, 10, 2047

# Over a page's end
    FILL_SCRATCH page_end
    LOAD    lw, 0xffffffffeeff0011, page_end, 7, 0
    LOAD    lw, 0xffffffffff001122, page_end, 6, 0
    LOAD    lw, 0x112233, page_end, 5, 0

# Registers
    LOAD    lw, 0x1291108d, in_data, 15, 1, rd=x11
    LOAD    lw, 0, in_data, 1, 0, rd=x0
    LOAD    lw, 0xfffffffffeff807f, in_data, 3, -7, rd=x29, rs1=x1

    PASS
    MEMORY
