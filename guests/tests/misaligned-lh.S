# misaligned-lh: 16-bit load from an address that is no multiple of 2.
    .include "test.inc"

    START

# From data: expected, area, address in it, offset
    LOAD    lh, 0x382, in_data, 1, -2048
    LOAD    lh, 0xffffffffffff807f, in_data, 3, -99
    LOAD    lh, 0xfffffffffffffeff, in_data, 5, -99
    LOAD    lh, 0xffffffffffff8605, in_data, 7, -2048
    LOAD    lh, 0xffffffffffff8807, in_data, 9, 0
    LOAD    lh, 0xa09, in_data, 11, -8
    LOAD    lh, 0xfffffffffffffc7b, in_data, 13, 8
    LOAD    lh, 0x108d, in_data, 15, 0
    LOAD    lh, 0x1291, in_data, 17, 1

# From the text
    LOAD    lh, 0x382, in_text, 1, -3
    LOAD    lh, 0xffffffffffff807f, in_text, 3, -3
    LOAD    lh, 0xfffffffffffffeff, in_text, 5, 0
    LOAD    lh, 0xffffffffffff8605, in_text, 7, 0
    LOAD    lh, 0xffffffffffff8807, in_text, 9, 2047
    LOAD    lh, 0xa09, in_text, 11, -8
    LOAD    lh, 0xfffffffffffffc7b, in_text, 13, 0
    LOAD    lh, 0x108d, in_text, 15, 0

# Over a page's end
    FILL_SCRATCH page_end
    LOAD    lh, 0x11, page_end, 7, 0

# Registers
    LOAD    lh, 0x1291, in_data, 17, 1, rd=x11
    LOAD    lh, 0, in_data, 1, 0, rd=x0
    LOAD    lh, 0xfffffffffffffeff, in_data, 5, -7, rd=x29, rs1=x1

    PASS
    MEMORY
