# srliw: 32-bit logical shift right by the immediate, sign-extended.
    .include "test.inc"

    START

# Values: expected, a, immediate
    RI      srliw, 0x1, 0x1, 0
    RI      srliw, 0x0, 0x1, 1
    RI      srliw, 0x0, 0x1, 2
    RI      srliw, 0x0, 0x1, 16
    RI      srliw, 0x0, 0x1, 31
    RI      srliw, 0xffffffffffffffff, 0xffffffffffffffff, 0
    RI      srliw, 0x7fffffff, 0xffffffffffffffff, 1
    RI      srliw, 0x3fffffff, 0xffffffffffffffff, 2
    RI      srliw, 0xffff, 0xffffffffffffffff, 16
    RI      srliw, 0x1, 0xffffffffffffffff, 31
    RI      srliw, 0xffffffff87654321, 0x8765432187654321, 0
    RI      srliw, 0x43b2a190, 0x8765432187654321, 1
    RI      srliw, 0x21d950c8, 0x8765432187654321, 2
    RI      srliw, 0x10eca86, 0x8765432187654321, 7
    RI      srliw, 0x10eca, 0x8765432187654321, 15
    RI      srliw, 0x8765, 0x8765432187654321, 16
    RI      srliw, 0x1, 0x8765432187654321, 31
    RI      srliw, 0xffffffffffffffff, 0x7fffffffffffffff, 0
    RI      srliw, 0x7fffffff, 0x7fffffffffffffff, 1
    RI      srliw, 0x3fffffff, 0x7fffffffffffffff, 2
    RI      srliw, 0x1ffffff, 0x7fffffffffffffff, 7
    RI      srliw, 0x1ffff, 0x7fffffffffffffff, 15
    RI      srliw, 0xffff, 0x7fffffffffffffff, 16
    RI      srliw, 0x1, 0x7fffffffffffffff, 31
    RI      srliw, 0x0, 0x8000000000000000, 0
    RI      srliw, 0x0, 0x8000000000000000, 1
    RI      srliw, 0x0, 0x8000000000000000, 2
    RI      srliw, 0x0, 0x8000000000000000, 7
    RI      srliw, 0x0, 0x8000000000000000, 15
    RI      srliw, 0x0, 0x8000000000000000, 16
    RI      srliw, 0x0, 0x8000000000000000, 31

# The same register twice, and x0
    RI      srliw, 0x44d5e, 0xf123456789abcde7, 13, rd=x11
    RI      srliw, 0, 0xf123456789abcde7, 13, rd=x0
    RI      srliw, 0x0, 0, 13, rs1=x0

# Other registers
    RI      srliw, 0x102a, 0x9d85aa72102aa6d3, 16, rd=x25, rs1=x28
    RI      srliw, 0xe7f5, 0x4a1dbbe4e7f58c1f, 16, rd=x18, rs1=x26
    RI      srliw, 0xda4b98, 0xc757971ada4b981a, 8, rd=x24, rs1=x29
    RI      srliw, 0x581, 0xb577937900b023aa, 13, rd=x17, rs1=x9
    RI      srliw, 0x6c471, 0x2fcdb3ded88e38cd, 13, rd=x8, rs1=x1
    RI      srliw, 0x48de9d9, 0x9c8e042248de9d93, 4, rd=x4, rs1=x15
    RI      srliw, 0x331d3, 0xb68a1e36cc74c0f1, 14, rd=x23, rs1=x13
    RI      srliw, 0x130, 0x97d2177b4c02d442, 22, rd=x22, rs1=x7

    PASS
