# ori: or with an immediate.
    .include "test.inc"

    START

# Values: expected, a, immediate
    RI      ori, 0x0, 0x0, 0
    RI      ori, 0x1, 0x0, 1
    RI      ori, 0xffffffffffffffff, 0x0, -1
    RI      ori, 0x7ff, 0x0, 2047
    RI      ori, 0xfffffffffffff800, 0x0, -2048
    RI      ori, 0x1, 0x1, 0
    RI      ori, 0x1, 0x1, 1
    RI      ori, 0xffffffffffffffff, 0x1, -1
    RI      ori, 0x7ff, 0x1, 2047
    RI      ori, 0xfffffffffffff801, 0x1, -2048
    RI      ori, 0xffffffffffffffff, 0xffffffffffffffff, 0
    RI      ori, 0xffffffffffffffff, 0xffffffffffffffff, 1
    RI      ori, 0xffffffffffffffff, 0xffffffffffffffff, -1
    RI      ori, 0xffffffffffffffff, 0xffffffffffffffff, 2047
    RI      ori, 0xffffffffffffffff, 0xffffffffffffffff, -2048
    RI      ori, 0x8000000000000000, 0x8000000000000000, 0
    RI      ori, 0x8000000000000001, 0x8000000000000000, 1
    RI      ori, 0xffffffffffffffff, 0x8000000000000000, -1
    RI      ori, 0x80000000000007ff, 0x8000000000000000, 2047
    RI      ori, 0xfffffffffffff800, 0x8000000000000000, -2048
    RI      ori, 0x7fffffffffffffff, 0x7fffffffffffffff, 0
    RI      ori, 0x7fffffffffffffff, 0x7fffffffffffffff, 1
    RI      ori, 0xffffffffffffffff, 0x7fffffffffffffff, -1
    RI      ori, 0x7fffffffffffffff, 0x7fffffffffffffff, 2047
    RI      ori, 0xffffffffffffffff, 0x7fffffffffffffff, -2048
    RI      ori, 0xffffffffffffffff, 0xfffffffffffffff6, 2047
    RI      ori, 0x2, 0x2, 2
    RI      ori, 0x7fffffff80000064, 0x7fffffff80000000, 100
    RI      ori, 0x557, 0x3, 1365
    RI      ori, 0x7fffffff800007ff, 0x7fffffff80000000, 2047
    RI      ori, 0x100000005, 0x100000000, 5
    RI      ori, 0x80000001, 0x80000000, 1
    RI      ori, 0x123456789abcdef, 0x123456789abcdef, 0
    RI      ori, 0xffff0000ffff0002, 0xffff0000ffff0000, 2
    RI      ori, 0x123456789abcdff, 0x123456789abcdef, 1365
    RI      ori, 0xffffffffffffffff, 0x80000000, -1
    RI      ori, 0xffffffffffffffff, 0x8000000080000000, -1
    RI      ori, 0xb505, 0xb505, 1
    RI      ori, 0xfffffffffffffffe, 0xfffffffffffffffe, -2048
    RI      ori, 0xffff0001, 0xffff0000, 1
    RI      ori, 0x7fffffff80000002, 0x7fffffff80000000, 2
    RI      ori, 0x800007ff, 0x80000000, 2047
    RI      ori, 0x7fffffff, 0x7fffffff, 100
    RI      ori, 0x7fffffff, 0x7fffffff, 1
    RI      ori, 0xffffffff80000555, 0xffffffff80000000, 1365
    RI      ori, 0x7fffffff, 0x7fffffff, 1365
    RI      ori, 0x5, 0x5, 5
    RI      ori, 0xfffffffffffffffb, 0xfffffffffffffffb, -5
    RI      ori, 0x7fffffff, 0x7fffffff, 1
    RI      ori, 0xffffffff, 0xffffffff, 1

# The same register twice, and x0
    RI      ori, 0xffffffffffffffff, 0xf123456789abcde7, -291, rd=x11
    RI      ori, 0, 0xf123456789abcde7, -291, rd=x0
    RI      ori, 0xfffffffffffffedd, 0, -291, rs1=x0

# Other registers
    RI      ori, 0x1ce6d7273fc8e7a7, 0x1ce6d7273fc8e381, 1446, rd=x13, rs1=x24
    RI      ori, 0xffffffffffffff76, 0x1119ffae3cd93b56, -736, rd=x10, rs1=x19
    RI      ori, 0xfffffffffffffbed, 0xbde08aa6cab5cbe8, -1243, rd=x18, rs1=x16
    RI      ori, 0xafb429a1c8e07bbd, 0xafb429a1c8e078b8, 813, rd=x2, rs1=x26
    RI      ori, 0xfffffffffffffdab, 0xf848007767449d23, -1912, rd=x1, rs1=x7
    RI      ori, 0x9a9405fa57bb7f, 0x9a9405fa57bb7d, 126, rd=x9, rs1=x29
    RI      ori, 0xfffffffffffffdef, 0x565189d590423586, -1683, rd=x23, rs1=x4
    RI      ori, 0xfffffffffffffbff, 0xd051596e938ebfe, -1855, rd=x27, rs1=x20

    PASS
