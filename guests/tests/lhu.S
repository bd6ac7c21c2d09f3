# lhu: 16-bit load, zero-extended.
    .include "test.inc"

    START

# From data: expected, area, address in it, offset
    LOAD    lhu, 0x8201, in_data, 0, -3
    LOAD    lhu, 0x7f03, in_data, 2, -99
    LOAD    lhu, 0xff80, in_data, 4, -99
    LOAD    lhu, 0x5fe, in_data, 6, 8
    LOAD    lhu, 0x786, in_data, 8, 0
    LOAD    lhu, 0x988, in_data, 10, -8
    LOAD    lhu, 0x7b0a, in_data, 12, 8
    LOAD    lhu, 0x8dfc, in_data, 14, -3
    LOAD    lhu, 0x9110, in_data, 16, 2047

# Offsets at their limits
    LOAD    lhu, 0x8201, in_data, 0, 2047
    LOAD    lhu, 0x7f03, in_data, 2, -2048
    LOAD    lhu, 0xff80, in_data, 4, -1

# From the text
    LOAD    lhu, 0x8201, in_text, 0, 2047
    LOAD    lhu, 0x7f03, in_text, 2, 0
    LOAD    lhu, 0xff80, in_text, 4, -2048
    LOAD    lhu, 0x5fe, in_text, 6, -99
    LOAD    lhu, 0x786, in_text, 8, -3
    LOAD    lhu, 0x988, in_text, 10, 100

# Registers
    LOAD    lhu, 0x7f03, in_data, 2, 4, rd=x11
    LOAD    lhu, 0, in_data, 0, 0, rd=x0
    LOAD    lhu, 0x7f03, in_data, 2, -4, rd=x29, rs1=x1
    LOAD    lhu, 0x8201, in_data, 0, 12, rd=x1, rs1=x28
    LOAD    lhu, 0x786, in_data, 8, 0, rd=x8, rs1=x9

    PASS
    MEMORY
