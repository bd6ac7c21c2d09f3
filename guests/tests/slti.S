# slti: signed less than with an immediate.
    .include "test.inc"

    START

# Values: expected, a, immediate
    RI      slti, 0x0, 0x0, 0
    RI      slti, 0x1, 0x0, 1
    RI      slti, 0x0, 0x0, -1
    RI      slti, 0x1, 0x0, 2047
    RI      slti, 0x0, 0x0, -2048
    RI      slti, 0x0, 0x1, 0
    RI      slti, 0x0, 0x1, 1
    RI      slti, 0x0, 0x1, -1
    RI      slti, 0x1, 0x1, 2047
    RI      slti, 0x0, 0x1, -2048
    RI      slti, 0x1, 0xffffffffffffffff, 0
    RI      slti, 0x1, 0xffffffffffffffff, 1
    RI      slti, 0x0, 0xffffffffffffffff, -1
    RI      slti, 0x1, 0xffffffffffffffff, 2047
    RI      slti, 0x0, 0xffffffffffffffff, -2048
    RI      slti, 0x1, 0x8000000000000000, 0
    RI      slti, 0x1, 0x8000000000000000, 1
    RI      slti, 0x1, 0x8000000000000000, -1
    RI      slti, 0x1, 0x8000000000000000, 2047
    RI      slti, 0x1, 0x8000000000000000, -2048
    RI      slti, 0x0, 0x7fffffffffffffff, 0
    RI      slti, 0x0, 0x7fffffffffffffff, 1
    RI      slti, 0x0, 0x7fffffffffffffff, -1
    RI      slti, 0x0, 0x7fffffffffffffff, 2047
    RI      slti, 0x0, 0x7fffffffffffffff, -2048
    RI      slti, 0x1, 0xfedcba9876543210, 0
    RI      slti, 0x0, 0x7fffffff, 1
    RI      slti, 0x0, 0xffff0000, 2
    RI      slti, 0x0, 0x7fffffff80000000, 0
    RI      slti, 0x0, 0xb505, 0
    RI      slti, 0x0, 0x7fffffff80000000, -100
    RI      slti, 0x1, 0x2, 1365
    RI      slti, 0x0, 0xffff0000, 1365
    RI      slti, 0x0, 0x80000000, 1365
    RI      slti, 0x0, 0x6634a5a0ec4d06fb, -5
    RI      slti, 0x0, 0x7fffffff80000000, 2047
    RI      slti, 0x0, 0x7fffffff, 5
    RI      slti, 0x0, 0xb505, 0
    RI      slti, 0x1, 0xfffffffffffffff6, 5
    RI      slti, 0x0, 0xff00ff00ff00ff, 2047
    RI      slti, 0x0, 0x123456789abcdef, -5
    RI      slti, 0x0, 0x3b9aca07, 1
    RI      slti, 0x0, 0x80000000, 5
    RI      slti, 0x0, 0x7fffffff, 2
    RI      slti, 0x0, 0x2, -100
    RI      slti, 0x1, 0xffff0000ffff0000, 5
    RI      slti, 0x0, 0x5, 5
    RI      slti, 0x0, 0xfffffffffffffffb, -5
    RI      slti, 0x0, 0x7fffffff, 1
    RI      slti, 0x0, 0xffffffff, 1

# The same register twice, and x0
    RI      slti, 0x1, 0xf123456789abcde7, -291, rd=x11
    RI      slti, 0, 0xf123456789abcde7, -291, rd=x0
    RI      slti, 0x0, 0, -291, rs1=x0

# Other registers
    RI      slti, 0x1, 0xea5c8b2acaffd367, 1448, rd=x16, rs1=x27
    RI      slti, 0x1, 0xa50a71f013227f03, 925, rd=x2, rs1=x9
    RI      slti, 0x0, 0x4aec34d51ea58da7, 1664, rd=x6, rs1=x7
    RI      slti, 0x0, 0x4205a6ae532425ae, -473, rd=x17, rs1=x23
    RI      slti, 0x1, 0xbdcaf43865c94368, -1384, rd=x18, rs1=x24
    RI      slti, 0x1, 0x95ef8885c3590358, 202, rd=x4, rs1=x26
    RI      slti, 0x0, 0x690ee6df9228ac38, -1658, rd=x8, rs1=x21
    RI      slti, 0x1, 0x8d1e4ec37ff643f7, 264, rd=x5, rs1=x20

    PASS
