# sltiu: unsigned less than with an immediate.
    .include "test.inc"

    START

# Values: expected, a, immediate
    RI      sltiu, 0x0, 0x0, 0
    RI      sltiu, 0x1, 0x0, 1
    RI      sltiu, 0x1, 0x0, -1
    RI      sltiu, 0x1, 0x0, 2047
    RI      sltiu, 0x1, 0x0, -2048
    RI      sltiu, 0x0, 0x1, 0
    RI      sltiu, 0x0, 0x1, 1
    RI      sltiu, 0x1, 0x1, -1
    RI      sltiu, 0x1, 0x1, 2047
    RI      sltiu, 0x1, 0x1, -2048
    RI      sltiu, 0x0, 0xffffffffffffffff, 0
    RI      sltiu, 0x0, 0xffffffffffffffff, 1
    RI      sltiu, 0x0, 0xffffffffffffffff, -1
    RI      sltiu, 0x0, 0xffffffffffffffff, 2047
    RI      sltiu, 0x0, 0xffffffffffffffff, -2048
    RI      sltiu, 0x0, 0x8000000000000000, 0
    RI      sltiu, 0x0, 0x8000000000000000, 1
    RI      sltiu, 0x1, 0x8000000000000000, -1
    RI      sltiu, 0x0, 0x8000000000000000, 2047
    RI      sltiu, 0x1, 0x8000000000000000, -2048
    RI      sltiu, 0x0, 0x7fffffffffffffff, 0
    RI      sltiu, 0x0, 0x7fffffffffffffff, 1
    RI      sltiu, 0x1, 0x7fffffffffffffff, -1
    RI      sltiu, 0x0, 0x7fffffffffffffff, 2047
    RI      sltiu, 0x1, 0x7fffffffffffffff, -2048
    RI      sltiu, 0x0, 0x6340a0e45a62e91, 5
    RI      sltiu, 0x0, 0x7fffffff80000000, 2047
    RI      sltiu, 0x0, 0xfffffffffffffffe, 2
    RI      sltiu, 0x0, 0xff00ff00ff00ff, 0
    RI      sltiu, 0x1, 0x123456789abcdef, -5
    RI      sltiu, 0x0, 0xffff0000, 1365
    RI      sltiu, 0x0, 0xffff0000ffff0000, 2
    RI      sltiu, 0x1, 0xfedcba9876543210, -1
    RI      sltiu, 0x0, 0x8000000080000000, 100
    RI      sltiu, 0x1, 0xffffffff, -100
    RI      sltiu, 0x1, 0xfedcba9876543210, -1366
    RI      sltiu, 0x1, 0x80000000, -1
    RI      sltiu, 0x0, 0x3b9aca07, 2047
    RI      sltiu, 0x1, 0x3, -1366
    RI      sltiu, 0x1, 0x2, -2048
    RI      sltiu, 0x0, 0x5555555555555555, 0
    RI      sltiu, 0x1, 0xfedcba9876543210, -2048
    RI      sltiu, 0x1, 0x8000000080000000, -2048
    RI      sltiu, 0x0, 0x8000000080000000, 2047
    RI      sltiu, 0x1, 0x3, -100
    RI      sltiu, 0x0, 0x100000000, 2
    RI      sltiu, 0x0, 0x5, 5
    RI      sltiu, 0x0, 0xfffffffffffffffb, -5
    RI      sltiu, 0x0, 0x7fffffff, 1
    RI      sltiu, 0x0, 0xffffffff, 1

# The same register twice, and x0
    RI      sltiu, 0x1, 0xf123456789abcde7, -291, rd=x11
    RI      sltiu, 0, 0xf123456789abcde7, -291, rd=x0
    RI      sltiu, 0x1, 0, -291, rs1=x0

# Other registers
    RI      sltiu, 0x0, 0xa0d83b5bc60f0186, 180, rd=x17, rs1=x27
    RI      sltiu, 0x1, 0xae4db2957d082a15, -1244, rd=x28, rs1=x15
    RI      sltiu, 0x0, 0x8693c2015bb61116, 1960, rd=x9, rs1=x7
    RI      sltiu, 0x0, 0x912eaa17422215fc, 971, rd=x13, rs1=x1
    RI      sltiu, 0x1, 0x5f2037ee14b88530, -294, rd=x25, rs1=x26
    RI      sltiu, 0x1, 0x3980acf108e2ffff, -1198, rd=x20, rs1=x10
    RI      sltiu, 0x0, 0x992a485a7d232cd2, 802, rd=x21, rs1=x24
    RI      sltiu, 0x0, 0x6f0dbea3d6c2b857, 1167, rd=x6, rs1=x8

    PASS
