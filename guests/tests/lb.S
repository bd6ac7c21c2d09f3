# lb: 8-bit load, sign-extended.
    .include "test.inc"

    START

# From data: expected, area, address in it, offset
    LOAD    lb, 0x1, in_data, 0, 1
    LOAD    lb, 0xffffffffffffff82, in_data, 1, -3
    LOAD    lb, 0x3, in_data, 2, 100
    LOAD    lb, 0x7f, in_data, 3, 0
    LOAD    lb, 0xffffffffffffff80, in_data, 4, -2048
    LOAD    lb, 0xffffffffffffffff, in_data, 5, -99
    LOAD    lb, 0xfffffffffffffffe, in_data, 6, 8
    LOAD    lb, 0x5, in_data, 7, -2048
    LOAD    lb, 0xffffffffffffff86, in_data, 8, 0
    LOAD    lb, 0x7, in_data, 9, -2048
    LOAD    lb, 0xffffffffffffff88, in_data, 10, -2048
    LOAD    lb, 0x9, in_data, 11, -2048
    LOAD    lb, 0xa, in_data, 12, -3
    LOAD    lb, 0x7b, in_data, 13, 1
    LOAD    lb, 0xfffffffffffffffc, in_data, 14, 8
    LOAD    lb, 0xffffffffffffff8d, in_data, 15, 1
    LOAD    lb, 0x10, in_data, 16, -3

# Offsets at their limits
    LOAD    lb, 0x1, in_data, 0, 2047
    LOAD    lb, 0xffffffffffffff82, in_data, 1, -2048
    LOAD    lb, 0x3, in_data, 2, -1

# From the text
    LOAD    lb, 0x1, in_text, 0, 0
    LOAD    lb, 0xffffffffffffff82, in_text, 1, 1
    LOAD    lb, 0x3, in_text, 2, -2048
    LOAD    lb, 0x7f, in_text, 3, 100
    LOAD    lb, 0xffffffffffffff80, in_text, 4, 2047
    LOAD    lb, 0xffffffffffffffff, in_text, 5, -2048

# Registers
    LOAD    lb, 0xffffffffffffff82, in_data, 1, 4, rd=x11
    LOAD    lb, 0, in_data, 0, 0, rd=x0
    LOAD    lb, 0xffffffffffffff82, in_data, 1, -4, rd=x29, rs1=x1
    LOAD    lb, 0x1, in_data, 0, 12, rd=x1, rs1=x28
    LOAD    lb, 0xffffffffffffff86, in_data, 8, 0, rd=x8, rs1=x9

    PASS
    MEMORY
