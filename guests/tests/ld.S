# ld: 64-bit load.
    .include "test.inc"

    START

# From data: expected, area, address in it, offset
    LOAD    ld, 0x5feff807f038201, in_data, 0, 1
    LOAD    ld, 0x8dfc7b0a09880786, in_data, 8, -8

# Offsets at their limits
    LOAD    ld, 0x5feff807f038201, in_data, 0, 2047
    LOAD    ld, 0x8dfc7b0a09880786, in_data, 8, -2048
    LOAD    ld, 0x8dfc7b0a09880786, in_data, 8, -1

# From the text
    LOAD    ld, 0x5feff807f038201, in_text, 0, -3
    LOAD    ld, 0x8dfc7b0a09880786, in_text, 8, 100

# Registers
    LOAD    ld, 0x8dfc7b0a09880786, in_data, 8, 4, rd=x11
    LOAD    ld, 0, in_data, 0, 0, rd=x0
    LOAD    ld, 0x8dfc7b0a09880786, in_data, 8, -4, rd=x29, rs1=x1
    LOAD    ld, 0x5feff807f038201, in_data, 0, 12, rd=x1, rs1=x28
    LOAD    ld, 0x8dfc7b0a09880786, in_data, 8, 0, rd=x8, rs1=x9

    PASS
    MEMORY
