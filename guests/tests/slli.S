# slli: shift left by the immediate.
    .include "test.inc"

    START

# Values: expected, a, immediate
    RI      slli, 0x1, 0x1, 0
    RI      slli, 0x2, 0x1, 1
    RI      slli, 0x4, 0x1, 2
    RI      slli, 0x10000, 0x1, 16
    RI      slli, 0x80000000, 0x1, 31
    RI      slli, 0x100000000, 0x1, 32
    RI      slli, 0x200000000, 0x1, 33
    RI      slli, 0x8000000000000000, 0x1, 63
    RI      slli, 0xffffffffffffffff, 0xffffffffffffffff, 0
    RI      slli, 0xfffffffffffffffe, 0xffffffffffffffff, 1
    RI      slli, 0xfffffffffffffffc, 0xffffffffffffffff, 2
    RI      slli, 0xffffffffffff0000, 0xffffffffffffffff, 16
    RI      slli, 0xffffffff80000000, 0xffffffffffffffff, 31
    RI      slli, 0xffffffff00000000, 0xffffffffffffffff, 32
    RI      slli, 0xfffffffe00000000, 0xffffffffffffffff, 33
    RI      slli, 0x8000000000000000, 0xffffffffffffffff, 63
    RI      slli, 0x8765432187654321, 0x8765432187654321, 0
    RI      slli, 0xeca86430eca8642, 0x8765432187654321, 1
    RI      slli, 0x1d950c861d950c84, 0x8765432187654321, 2
    RI      slli, 0xb2a190c3b2a19080, 0x8765432187654321, 7
    RI      slli, 0xa190c3b2a1908000, 0x8765432187654321, 15
    RI      slli, 0x4321876543210000, 0x8765432187654321, 16
    RI      slli, 0xc3b2a19080000000, 0x8765432187654321, 31
    RI      slli, 0x8765432100000000, 0x8765432187654321, 32
    RI      slli, 0xeca864200000000, 0x8765432187654321, 33
    RI      slli, 0xa190800000000000, 0x8765432187654321, 47
    RI      slli, 0x4321000000000000, 0x8765432187654321, 48
    RI      slli, 0x4000000000000000, 0x8765432187654321, 62
    RI      slli, 0x8000000000000000, 0x8765432187654321, 63
    RI      slli, 0x7fffffffffffffff, 0x7fffffffffffffff, 0
    RI      slli, 0xfffffffffffffffe, 0x7fffffffffffffff, 1
    RI      slli, 0xfffffffffffffffc, 0x7fffffffffffffff, 2
    RI      slli, 0xffffffffffffff80, 0x7fffffffffffffff, 7
    RI      slli, 0xffffffffffff8000, 0x7fffffffffffffff, 15
    RI      slli, 0xffffffffffff0000, 0x7fffffffffffffff, 16
    RI      slli, 0xffffffff80000000, 0x7fffffffffffffff, 31
    RI      slli, 0xffffffff00000000, 0x7fffffffffffffff, 32
    RI      slli, 0xfffffffe00000000, 0x7fffffffffffffff, 33
    RI      slli, 0xffff800000000000, 0x7fffffffffffffff, 47
    RI      slli, 0xffff000000000000, 0x7fffffffffffffff, 48
    RI      slli, 0xc000000000000000, 0x7fffffffffffffff, 62
    RI      slli, 0x8000000000000000, 0x7fffffffffffffff, 63
    RI      slli, 0x8000000000000000, 0x8000000000000000, 0
    RI      slli, 0x0, 0x8000000000000000, 1
    RI      slli, 0x0, 0x8000000000000000, 2
    RI      slli, 0x0, 0x8000000000000000, 7
    RI      slli, 0x0, 0x8000000000000000, 15
    RI      slli, 0x0, 0x8000000000000000, 16
    RI      slli, 0x0, 0x8000000000000000, 31
    RI      slli, 0x0, 0x8000000000000000, 32
    RI      slli, 0x0, 0x8000000000000000, 33
    RI      slli, 0x0, 0x8000000000000000, 47
    RI      slli, 0x0, 0x8000000000000000, 48
    RI      slli, 0x0, 0x8000000000000000, 62
    RI      slli, 0x0, 0x8000000000000000, 63

# The same register twice, and x0
    RI      slli, 0x68acf13579bce000, 0xf123456789abcde7, 13, rd=x11
    RI      slli, 0, 0xf123456789abcde7, 13, rd=x0
    RI      slli, 0x0, 0, 13, rs1=x0

# Other registers
    RI      slli, 0xc4e8625164428000, 0xd37e2743128b2214, 13, rd=x21, rs1=x17
    RI      slli, 0xb7d40c7f812e8000, 0xcb436fa818ff025d, 15, rd=x7, rs1=x25
    RI      slli, 0x69fbfee69e000000, 0x994ae634fdff734f, 25, rd=x10, rs1=x6
    RI      slli, 0x2a5bf0fb04ab02c0, 0xd152df87d8255816, 5, rd=x23, rs1=x24
    RI      slli, 0xc5669ffde8747b80, 0x798acd3ffbd0e8f7, 7, rd=x20, rs1=x29
    RI      slli, 0x1d3c91d944a68000, 0xd5f63a7923b2894d, 15, rd=x28, rs1=x26
    RI      slli, 0x93a4e5d500000000, 0xd4b87da92749cbaa, 31, rd=x8, rs1=x22
    RI      slli, 0x6723519c0caa0000, 0x63c43391a8ce0655, 17, rd=x19, rs1=x18

    PASS
