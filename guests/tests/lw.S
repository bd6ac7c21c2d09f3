# lw: 32-bit load, sign-extended.
    .include "test.inc"

    START

# From data: expected, area, address in it, offset
    LOAD    lw, 0x7f038201, in_data, 0, -8
    LOAD    lw, 0x5feff80, in_data, 4, 0
    LOAD    lw, 0x9880786, in_data, 8, 0
    LOAD    lw, 0xffffffff8dfc7b0a, in_data, 12, -99
    LOAD    lw, 0xffffffff93129110, in_data, 16, 8

# Offsets at their limits
    LOAD    lw, 0x7f038201, in_data, 0, 2047
    LOAD    lw, 0x5feff80, in_data, 4, -2048
    LOAD    lw, 0x9880786, in_data, 8, -1

# From the text
    LOAD    lw, 0x7f038201, in_text, 0, -3
    LOAD    lw, 0x5feff80, in_text, 4, -8
    LOAD    lw, 0x9880786, in_text, 8, 0
    LOAD    lw, 0xffffffff8dfc7b0a, in_text, 12, 0
    LOAD    lw, 0xffffffff93129110, in_text, 16, 0

# Registers
    LOAD    lw, 0x5feff80, in_data, 4, 4, rd=x11
    LOAD    lw, 0, in_data, 0, 0, rd=x0
    LOAD    lw, 0x5feff80, in_data, 4, -4, rd=x29, rs1=x1
    LOAD    lw, 0x7f038201, in_data, 0, 12, rd=x1, rs1=x28
    LOAD    lw, 0x9880786, in_data, 8, 0, rd=x8, rs1=x9

    PASS
    MEMORY
