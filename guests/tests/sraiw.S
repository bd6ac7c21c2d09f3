# sraiw: 32-bit arithmetic shift right by the immediate.
    .include "test.inc"

    START

# Values: expected, a, immediate
    RI      sraiw, 0x1, 0x1, 0
    RI      sraiw, 0x0, 0x1, 1
    RI      sraiw, 0x0, 0x1, 2
    RI      sraiw, 0x0, 0x1, 16
    RI      sraiw, 0x0, 0x1, 31
    RI      sraiw, 0xffffffffffffffff, 0xffffffffffffffff, 0
    RI      sraiw, 0xffffffffffffffff, 0xffffffffffffffff, 1
    RI      sraiw, 0xffffffffffffffff, 0xffffffffffffffff, 2
    RI      sraiw, 0xffffffffffffffff, 0xffffffffffffffff, 16
    RI      sraiw, 0xffffffffffffffff, 0xffffffffffffffff, 31
    RI      sraiw, 0xffffffff87654321, 0x8765432187654321, 0
    RI      sraiw, 0xffffffffc3b2a190, 0x8765432187654321, 1
    RI      sraiw, 0xffffffffe1d950c8, 0x8765432187654321, 2
    RI      sraiw, 0xffffffffff0eca86, 0x8765432187654321, 7
    RI      sraiw, 0xffffffffffff0eca, 0x8765432187654321, 15
    RI      sraiw, 0xffffffffffff8765, 0x8765432187654321, 16
    RI      sraiw, 0xffffffffffffffff, 0x8765432187654321, 31
    RI      sraiw, 0xffffffffffffffff, 0x7fffffffffffffff, 0
    RI      sraiw, 0xffffffffffffffff, 0x7fffffffffffffff, 1
    RI      sraiw, 0xffffffffffffffff, 0x7fffffffffffffff, 2
    RI      sraiw, 0xffffffffffffffff, 0x7fffffffffffffff, 7
    RI      sraiw, 0xffffffffffffffff, 0x7fffffffffffffff, 15
    RI      sraiw, 0xffffffffffffffff, 0x7fffffffffffffff, 16
    RI      sraiw, 0xffffffffffffffff, 0x7fffffffffffffff, 31
    RI      sraiw, 0x0, 0x8000000000000000, 0
    RI      sraiw, 0x0, 0x8000000000000000, 1
    RI      sraiw, 0x0, 0x8000000000000000, 2
    RI      sraiw, 0x0, 0x8000000000000000, 7
    RI      sraiw, 0x0, 0x8000000000000000, 15
    RI      sraiw, 0x0, 0x8000000000000000, 16
    RI      sraiw, 0x0, 0x8000000000000000, 31

# The same register twice, and x0
    RI      sraiw, 0xfffffffffffc4d5e, 0xf123456789abcde7, 13, rd=x11
    RI      sraiw, 0, 0xf123456789abcde7, 13, rd=x0
    RI      sraiw, 0x0, 0, 13, rs1=x0

# Other registers
    RI      sraiw, 0x27f3b, 0x1554d4627f3bf4d, 12, rd=x5, rs1=x10
    RI      sraiw, 0xffffffffe9e1b949, 0x643cc892a786e524, 2, rd=x20, rs1=x15
    RI      sraiw, 0xffffffffff1ddeba, 0x833761798eef5d7b, 7, rd=x23, rs1=x1
    RI      sraiw, 0x1b, 0x167d5d906e29777b, 26, rd=x2, rs1=x22
    RI      sraiw, 0x99b4f, 0x2e0e790b099b4f5b, 8, rd=x18, rs1=x17
    RI      sraiw, 0x9f, 0xdf2b493313e2327f, 21, rd=x13, rs1=x28
    RI      sraiw, 0xfffffffffbdd040b, 0x4cb9189bdd040b3, 4, rd=x16, rs1=x27
    RI      sraiw, 0xffffffffffffffff, 0x876e1a58aa799d30, 31, rd=x25, rs1=x4

    PASS
