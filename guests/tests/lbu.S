# lbu: 8-bit load, zero-extended.
    .include "test.inc"

    START

# From data: expected, area, address in it, offset
    LOAD    lbu, 0x1, in_data, 0, 0
    LOAD    lbu, 0x82, in_data, 1, 100
    LOAD    lbu, 0x3, in_data, 2, 2047
    LOAD    lbu, 0x7f, in_data, 3, 8
    LOAD    lbu, 0x80, in_data, 4, 0
    LOAD    lbu, 0xff, in_data, 5, -3
    LOAD    lbu, 0xfe, in_data, 6, -2048
    LOAD    lbu, 0x5, in_data, 7, -8
    LOAD    lbu, 0x86, in_data, 8, -2048
    LOAD    lbu, 0x7, in_data, 9, -8
    LOAD    lbu, 0x88, in_data, 10, 100
    LOAD    lbu, 0x9, in_data, 11, -99
    LOAD    lbu, 0xa, in_data, 12, -8
    LOAD    lbu, 0x7b, in_data, 13, 2047
    LOAD    lbu, 0xfc, in_data, 14, 1
    LOAD    lbu, 0x8d, in_data, 15, 1
    LOAD    lbu, 0x10, in_data, 16, -2048

# Offsets at their limits
    LOAD    lbu, 0x1, in_data, 0, 2047
    LOAD    lbu, 0x82, in_data, 1, -2048
    LOAD    lbu, 0x3, in_data, 2, -1

# From the text
    LOAD    lbu, 0x1, in_text, 0, -3
    LOAD    lbu, 0x82, in_text, 1, 1
    LOAD    lbu, 0x3, in_text, 2, -2048
    LOAD    lbu, 0x7f, in_text, 3, -99
    LOAD    lbu, 0x80, in_text, 4, 8
    LOAD    lbu, 0xff, in_text, 5, 0

# Registers
    LOAD    lbu, 0x82, in_data, 1, 4, rd=x11
    LOAD    lbu, 0, in_data, 0, 0, rd=x0
    LOAD    lbu, 0x82, in_data, 1, -4, rd=x29, rs1=x1
    LOAD    lbu, 0x1, in_data, 0, 12, rd=x1, rs1=x28
    LOAD    lbu, 0x86, in_data, 8, 0, rd=x8, rs1=x9

    PASS
    MEMORY
