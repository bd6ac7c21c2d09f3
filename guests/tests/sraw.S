# sraw: 32-bit arithmetic shift right by the low 5 bits.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      sraw, 0x1, 0x1, 0x0
    RR      sraw, 0x0, 0x1, 0x1
    RR      sraw, 0x0, 0x1, 0x1f
    RR      sraw, 0x1, 0x1, 0x20
    RR      sraw, 0x0, 0x1, 0x3f
    RR      sraw, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      sraw, 0xffffffffffffffff, 0xffffffffffffffff, 0x1
    RR      sraw, 0xffffffffffffffff, 0xffffffffffffffff, 0x1f
    RR      sraw, 0xffffffffffffffff, 0xffffffffffffffff, 0x20
    RR      sraw, 0xffffffffffffffff, 0xffffffffffffffff, 0x3f
    RR      sraw, 0x0, 0x8000000000000000, 0x0
    RR      sraw, 0x0, 0x8000000000000000, 0x1
    RR      sraw, 0x0, 0x8000000000000000, 0x1f
    RR      sraw, 0x0, 0x8000000000000000, 0x20
    RR      sraw, 0x0, 0x8000000000000000, 0x3f
    RR      sraw, 0xffffffff89abcdef, 0x123456789abcdef, 0x0
    RR      sraw, 0xffffffffc4d5e6f7, 0x123456789abcdef, 0x1
    RR      sraw, 0xffffffffffffffff, 0x123456789abcdef, 0x1f
    RR      sraw, 0xffffffff89abcdef, 0x123456789abcdef, 0x20
    RR      sraw, 0xffffffffffffffff, 0x123456789abcdef, 0x3f
    RR      sraw, 0xffffffff87654321, 0x8765432187654321, 0x0
    RR      sraw, 0xffffffffc3b2a190, 0x8765432187654321, 0x1
    RR      sraw, 0xffffffffe1d950c8, 0x8765432187654321, 0x2
    RR      sraw, 0xffffffffff0eca86, 0x8765432187654321, 0x7
    RR      sraw, 0xffffffffffff0eca, 0x8765432187654321, 0xf
    RR      sraw, 0xffffffffffff8765, 0x8765432187654321, 0x10
    RR      sraw, 0xffffffffffffffff, 0x8765432187654321, 0x1f
    RR      sraw, 0xffffffff87654321, 0x8765432187654321, 0x20
    RR      sraw, 0xffffffffc3b2a190, 0x8765432187654321, 0x21
    RR      sraw, 0xffffffffffff0eca, 0x8765432187654321, 0x2f
    RR      sraw, 0xffffffffffff8765, 0x8765432187654321, 0x30
    RR      sraw, 0xfffffffffffffffe, 0x8765432187654321, 0x3e
    RR      sraw, 0xffffffffffffffff, 0x8765432187654321, 0x3f
    RR      sraw, 0xc0ffee, 0xdeadbeef00c0ffee, 0x40
    RR      sraw, 0x607ff7, 0xdeadbeef00c0ffee, 0x41
    RR      sraw, 0x607ff7, 0xdeadbeef00c0ffee, 0xffffffffffffffc1
    RR      sraw, 0xc0ffee, 0xdeadbeef00c0ffee, 0x8000000000000020
    RR      sraw, 0x0, 0xdeadbeef00c0ffee, 0xffffffffffffffff
    RR      sraw, 0x3fffffff, 0x7fffffff, 0x1
    RR      sraw, 0xffffffffffffffff, 0x80000000, 0xffffffffffffffff
    RR      sraw, 0xffffffffffffffff, 0xffffffff80000000, 0xffffffffffffffff
    RR      sraw, 0x1, 0x123456780000000a, 0xabcdef0000000003
    RR      sraw, 0xffffffffffffffff, 0xffffffff, 0x1
    RR      sraw, 0x0, 0x100000000, 0x100000001
    RR      sraw, 0xffffffff80000000, 0x80000000, 0x80000000
    RR      sraw, 0x7e9fc3, 0xa25cf5cf7e9fc3ee, 0xc5e4896e641cfb48
    RR      sraw, 0x7, 0xcd89ec79715dda68, 0x21b8d3a716419a9c
    RR      sraw, 0xd8309d, 0xc04b0e4a1b0613b7, 0xf54158f94c4f4065

# The same register twice, and x0
    RR      sraw, 0xfffffffffffffffc, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      sraw, 0xfffffffffffffffc, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      sraw, 0xffffffffff13579b, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      sraw, 0xffffffffff13579b, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      sraw, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      sraw, 0x0, 0, 0x3000000fd, rs1=x0
    RR      sraw, 0xffffffff89abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      sraw, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      sraw, 0x2df7, 0x50480cd15befc024, 0xe20b1, rd=x7, rs1=x24, rs2=x10
    RR      sraw, 0xc9b1a5, 0x625f2fe4193634b7, 0x4bdf1cf70d6a5, rd=x4, rs1=x20, rs2=x21
    RR      sraw, 0xffffffffffffe4cd, 0x689c05459337514a, 0x25fa04311ee0952, rd=x23, rs1=x29, rs2=x1
    RR      sraw, 0xffffffffffffff28, 0x2e5fae5bfca3dc71, 0x160ee17392, rd=x16, rs1=x17, rs2=x19
    RR      sraw, 0xefda, 0xfe3ffdcf3bf6bb8d, 0x1148f724e15346e, rd=x8, rs1=x25, rs2=x18
    RR      sraw, 0x7cfec, 0xb04f51123e7f6627, 0x15debc61c998f7eb, rd=x22, rs1=x27, rs2=x28
    RR      sraw, 0x1c590, 0x666578471640c33, 0x9fbcc0e, rd=x9, rs1=x13, rs2=x2
    RR      sraw, 0xfffffffffffff323, 0x9ef45c00991f4da5, 0xcf58d3, rd=x26, rs1=x5, rs2=x15

    PASS
