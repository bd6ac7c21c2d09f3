# srai: arithmetic shift right by the immediate.
    .include "test.inc"

    START

# Values: expected, a, immediate
    RI      srai, 0x1, 0x1, 0
    RI      srai, 0x0, 0x1, 1
    RI      srai, 0x0, 0x1, 2
    RI      srai, 0x0, 0x1, 16
    RI      srai, 0x0, 0x1, 31
    RI      srai, 0x0, 0x1, 32
    RI      srai, 0x0, 0x1, 33
    RI      srai, 0x0, 0x1, 63
    RI      srai, 0xffffffffffffffff, 0xffffffffffffffff, 0
    RI      srai, 0xffffffffffffffff, 0xffffffffffffffff, 1
    RI      srai, 0xffffffffffffffff, 0xffffffffffffffff, 2
    RI      srai, 0xffffffffffffffff, 0xffffffffffffffff, 16
    RI      srai, 0xffffffffffffffff, 0xffffffffffffffff, 31
    RI      srai, 0xffffffffffffffff, 0xffffffffffffffff, 32
    RI      srai, 0xffffffffffffffff, 0xffffffffffffffff, 33
    RI      srai, 0xffffffffffffffff, 0xffffffffffffffff, 63
    RI      srai, 0x8765432187654321, 0x8765432187654321, 0
    RI      srai, 0xc3b2a190c3b2a190, 0x8765432187654321, 1
    RI      srai, 0xe1d950c861d950c8, 0x8765432187654321, 2
    RI      srai, 0xff0eca86430eca86, 0x8765432187654321, 7
    RI      srai, 0xffff0eca86430eca, 0x8765432187654321, 15
    RI      srai, 0xffff876543218765, 0x8765432187654321, 16
    RI      srai, 0xffffffff0eca8643, 0x8765432187654321, 31
    RI      srai, 0xffffffff87654321, 0x8765432187654321, 32
    RI      srai, 0xffffffffc3b2a190, 0x8765432187654321, 33
    RI      srai, 0xffffffffffff0eca, 0x8765432187654321, 47
    RI      srai, 0xffffffffffff8765, 0x8765432187654321, 48
    RI      srai, 0xfffffffffffffffe, 0x8765432187654321, 62
    RI      srai, 0xffffffffffffffff, 0x8765432187654321, 63
    RI      srai, 0x7fffffffffffffff, 0x7fffffffffffffff, 0
    RI      srai, 0x3fffffffffffffff, 0x7fffffffffffffff, 1
    RI      srai, 0x1fffffffffffffff, 0x7fffffffffffffff, 2
    RI      srai, 0xffffffffffffff, 0x7fffffffffffffff, 7
    RI      srai, 0xffffffffffff, 0x7fffffffffffffff, 15
    RI      srai, 0x7fffffffffff, 0x7fffffffffffffff, 16
    RI      srai, 0xffffffff, 0x7fffffffffffffff, 31
    RI      srai, 0x7fffffff, 0x7fffffffffffffff, 32
    RI      srai, 0x3fffffff, 0x7fffffffffffffff, 33
    RI      srai, 0xffff, 0x7fffffffffffffff, 47
    RI      srai, 0x7fff, 0x7fffffffffffffff, 48
    RI      srai, 0x1, 0x7fffffffffffffff, 62
    RI      srai, 0x0, 0x7fffffffffffffff, 63
    RI      srai, 0x8000000000000000, 0x8000000000000000, 0
    RI      srai, 0xc000000000000000, 0x8000000000000000, 1
    RI      srai, 0xe000000000000000, 0x8000000000000000, 2
    RI      srai, 0xff00000000000000, 0x8000000000000000, 7
    RI      srai, 0xffff000000000000, 0x8000000000000000, 15
    RI      srai, 0xffff800000000000, 0x8000000000000000, 16
    RI      srai, 0xffffffff00000000, 0x8000000000000000, 31
    RI      srai, 0xffffffff80000000, 0x8000000000000000, 32
    RI      srai, 0xffffffffc0000000, 0x8000000000000000, 33
    RI      srai, 0xffffffffffff0000, 0x8000000000000000, 47
    RI      srai, 0xffffffffffff8000, 0x8000000000000000, 48
    RI      srai, 0xfffffffffffffffe, 0x8000000000000000, 62
    RI      srai, 0xffffffffffffffff, 0x8000000000000000, 63

# The same register twice, and x0
    RI      srai, 0xffff891a2b3c4d5e, 0xf123456789abcde7, 13, rd=x11
    RI      srai, 0, 0xf123456789abcde7, 13, rd=x0
    RI      srai, 0x0, 0, 13, rs1=x0

# Other registers
    RI      srai, 0x71729014a, 0x71729014aabb213a, 28, rd=x1, rs1=x29
    RI      srai, 0xf6a240b1e42fa3e6, 0xed448163c85f47cd, 1, rd=x22, rs1=x23
    RI      srai, 0xfffff8d41621ddbe, 0x8d41621ddbedeba4, 20, rd=x20, rs1=x15
    RI      srai, 0xfffffdf06750a647, 0xbe0cea14c8f5d4f9, 21, rd=x8, rs1=x5
    RI      srai, 0x3f05fcb53d6, 0x1f82fe5a9eb65b10, 19, rd=x16, rs1=x18
    RI      srai, 0xfffcbfd3690b759c, 0x97fa6d216eb3870b, 13, rd=x4, rs1=x21
    RI      srai, 0x2a317c82, 0xa8c5f20a02c8f5b, 30, rd=x6, rs1=x27
    RI      srai, 0x9b8c796c9, 0x4dc63cb649c81e16, 27, rd=x28, rs1=x2

    PASS
