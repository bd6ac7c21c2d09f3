# slliw: 32-bit shift left by the immediate, sign-extended.
    .include "test.inc"

    START

# Values: expected, a, immediate
    RI      slliw, 0x1, 0x1, 0
    RI      slliw, 0x2, 0x1, 1
    RI      slliw, 0x4, 0x1, 2
    RI      slliw, 0x10000, 0x1, 16
    RI      slliw, 0xffffffff80000000, 0x1, 31
    RI      slliw, 0xffffffffffffffff, 0xffffffffffffffff, 0
    RI      slliw, 0xfffffffffffffffe, 0xffffffffffffffff, 1
    RI      slliw, 0xfffffffffffffffc, 0xffffffffffffffff, 2
    RI      slliw, 0xffffffffffff0000, 0xffffffffffffffff, 16
    RI      slliw, 0xffffffff80000000, 0xffffffffffffffff, 31
    RI      slliw, 0xffffffff87654321, 0x8765432187654321, 0
    RI      slliw, 0xeca8642, 0x8765432187654321, 1
    RI      slliw, 0x1d950c84, 0x8765432187654321, 2
    RI      slliw, 0xffffffffb2a19080, 0x8765432187654321, 7
    RI      slliw, 0xffffffffa1908000, 0x8765432187654321, 15
    RI      slliw, 0x43210000, 0x8765432187654321, 16
    RI      slliw, 0xffffffff80000000, 0x8765432187654321, 31
    RI      slliw, 0xffffffffffffffff, 0x7fffffffffffffff, 0
    RI      slliw, 0xfffffffffffffffe, 0x7fffffffffffffff, 1
    RI      slliw, 0xfffffffffffffffc, 0x7fffffffffffffff, 2
    RI      slliw, 0xffffffffffffff80, 0x7fffffffffffffff, 7
    RI      slliw, 0xffffffffffff8000, 0x7fffffffffffffff, 15
    RI      slliw, 0xffffffffffff0000, 0x7fffffffffffffff, 16
    RI      slliw, 0xffffffff80000000, 0x7fffffffffffffff, 31
    RI      slliw, 0x0, 0x8000000000000000, 0
    RI      slliw, 0x0, 0x8000000000000000, 1
    RI      slliw, 0x0, 0x8000000000000000, 2
    RI      slliw, 0x0, 0x8000000000000000, 7
    RI      slliw, 0x0, 0x8000000000000000, 15
    RI      slliw, 0x0, 0x8000000000000000, 16
    RI      slliw, 0x0, 0x8000000000000000, 31

# The same register twice, and x0
    RI      slliw, 0x79bce000, 0xf123456789abcde7, 13, rd=x11
    RI      slliw, 0, 0xf123456789abcde7, 13, rd=x0
    RI      slliw, 0x0, 0, 13, rs1=x0

# Other registers
    RI      slliw, 0x1dcd0440, 0x886c563551dcd044, 4, rd=x17, rs1=x24
    RI      slliw, 0xffffffffb3270000, 0xb26a6230c14b327, 16, rd=x25, rs1=x21
    RI      slliw, 0xffffffff80000000, 0xdea95662b25c0258, 28, rd=x7, rs1=x15
    RI      slliw, 0x60000000, 0xc95774f37cfe07ec, 27, rd=x28, rs1=x22
    RI      slliw, 0x4382c240, 0x53245be0d0e0b090, 2, rd=x16, rs1=x9
    RI      slliw, 0xffffffff80000000, 0x399f2bf68ba2af96, 30, rd=x26, rs1=x4
    RI      slliw, 0x7970f348, 0x77ff7e0fde5c3cd2, 2, rd=x5, rs1=x23
    RI      slliw, 0xffffffffd7ab2d6c, 0xf948ea64f5eacb5b, 2, rd=x10, rs1=x13

    PASS
