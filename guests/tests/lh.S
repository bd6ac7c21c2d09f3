# lh: 16-bit load, sign-extended.
    .include "test.inc"

    START

# From data: expected, area, address in it, offset
    LOAD    lh, 0xffffffffffff8201, in_data, 0, 1
    LOAD    lh, 0x7f03, in_data, 2, 2047
    LOAD    lh, 0xffffffffffffff80, in_data, 4, 0
    LOAD    lh, 0x5fe, in_data, 6, -3
    LOAD    lh, 0x786, in_data, 8, 0
    LOAD    lh, 0x988, in_data, 10, 100
    LOAD    lh, 0x7b0a, in_data, 12, 1
    LOAD    lh, 0xffffffffffff8dfc, in_data, 14, 0
    LOAD    lh, 0xffffffffffff9110, in_data, 16, -2048

# Offsets at their limits
    LOAD    lh, 0xffffffffffff8201, in_data, 0, 2047
    LOAD    lh, 0x7f03, in_data, 2, -2048
    LOAD    lh, 0xffffffffffffff80, in_data, 4, -1

# From the text
    LOAD    lh, 0xffffffffffff8201, in_text, 0, -3
    LOAD    lh, 0x7f03, in_text, 2, 1
    LOAD    lh, 0xffffffffffffff80, in_text, 4, 100
    LOAD    lh, 0x5fe, in_text, 6, 100
    LOAD    lh, 0x786, in_text, 8, -2048
    LOAD    lh, 0x988, in_text, 10, -99

# Registers
    LOAD    lh, 0x7f03, in_data, 2, 4, rd=x11
    LOAD    lh, 0, in_data, 0, 0, rd=x0
    LOAD    lh, 0x7f03, in_data, 2, -4, rd=x29, rs1=x1
    LOAD    lh, 0xffffffffffff8201, in_data, 0, 12, rd=x1, rs1=x28
    LOAD    lh, 0x786, in_data, 8, 0, rd=x8, rs1=x9

    PASS
    MEMORY
