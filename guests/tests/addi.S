# addi: 64-bit sum with an immediate.
    .include "test.inc"

    START

# Values: expected, a, immediate
    RI      addi, 0x0, 0x0, 0
    RI      addi, 0x1, 0x0, 1
    RI      addi, 0xffffffffffffffff, 0x0, -1
    RI      addi, 0x7ff, 0x0, 2047
    RI      addi, 0xfffffffffffff800, 0x0, -2048
    RI      addi, 0x1, 0x1, 0
    RI      addi, 0x2, 0x1, 1
    RI      addi, 0x0, 0x1, -1
    RI      addi, 0x800, 0x1, 2047
    RI      addi, 0xfffffffffffff801, 0x1, -2048
    RI      addi, 0xffffffffffffffff, 0xffffffffffffffff, 0
    RI      addi, 0x0, 0xffffffffffffffff, 1
    RI      addi, 0xfffffffffffffffe, 0xffffffffffffffff, -1
    RI      addi, 0x7fe, 0xffffffffffffffff, 2047
    RI      addi, 0xfffffffffffff7ff, 0xffffffffffffffff, -2048
    RI      addi, 0x8000000000000000, 0x8000000000000000, 0
    RI      addi, 0x8000000000000001, 0x8000000000000000, 1
    RI      addi, 0x7fffffffffffffff, 0x8000000000000000, -1
    RI      addi, 0x80000000000007ff, 0x8000000000000000, 2047
    RI      addi, 0x7ffffffffffff800, 0x8000000000000000, -2048
    RI      addi, 0x7fffffffffffffff, 0x7fffffffffffffff, 0
    RI      addi, 0x8000000000000000, 0x7fffffffffffffff, 1
    RI      addi, 0x7ffffffffffffffe, 0x7fffffffffffffff, -1
    RI      addi, 0x80000000000007fe, 0x7fffffffffffffff, 2047
    RI      addi, 0x7ffffffffffff7ff, 0x7fffffffffffffff, -2048
    RI      addi, 0x80000000800007ff, 0x8000000080000000, 2047
    RI      addi, 0x800007fe, 0x7fffffff, 2047
    RI      addi, 0xaaaaaaaaaaaaab0e, 0xaaaaaaaaaaaaaaaa, 100
    RI      addi, 0x801, 0x2, 2047
    RI      addi, 0x5555555555555d54, 0x5555555555555555, 2047
    RI      addi, 0xffff0002, 0xffff0000, 2
    RI      addi, 0x5, 0x3, 2
    RI      addi, 0xe3003a6eb34d3d2e, 0xe3003a6eb34d3d2d, 1
    RI      addi, 0xfffffffffffffff1, 0xfffffffffffffff6, -5
    RI      addi, 0x3, 0x2, 1
    RI      addi, 0xc78f878ecabf8ee6, 0xc78f878ecabf8eeb, -5
    RI      addi, 0x7fffffff7fffffff, 0x7fffffff80000000, -1
    RI      addi, 0x80000002, 0x80000000, 2
    RI      addi, 0x7fffffff80000064, 0x7fffffff80000000, 100
    RI      addi, 0x5555555555555557, 0x5555555555555555, 2
    RI      addi, 0x5555555555555aaa, 0x5555555555555555, 1365
    RI      addi, 0xffff0000ffff0001, 0xffff0000ffff0000, 1
    RI      addi, 0x7e1044346549c9c2, 0x7e1044346549cf18, -1366
    RI      addi, 0xaaaaaaaaaaaaab0e, 0xaaaaaaaaaaaaaaaa, 100
    RI      addi, 0x800007fe, 0x7fffffff, 2047
    RI      addi, 0xfffffffffffffff8, 0xfffffffffffffff6, 2
    RI      addi, 0xa, 0x5, 5
    RI      addi, 0xfffffffffffffff6, 0xfffffffffffffffb, -5
    RI      addi, 0x80000000, 0x7fffffff, 1
    RI      addi, 0x100000000, 0xffffffff, 1

# The same register twice, and x0
    RI      addi, 0xf123456789abccc4, 0xf123456789abcde7, -291, rd=x11
    RI      addi, 0, 0xf123456789abcde7, -291, rd=x0
    RI      addi, 0xfffffffffffffedd, 0, -291, rs1=x0

# Other registers
    RI      addi, 0x158c70bd4cb098d1, 0x158c70bd4cb09ff0, -1823, rd=x20, rs1=x27
    RI      addi, 0xb3dacc52f467e6b9, 0xb3dacc52f467e38a, 815, rd=x24, rs1=x23
    RI      addi, 0xa908165b6b52f43d, 0xa908165b6b52f174, 713, rd=x6, rs1=x26
    RI      addi, 0x2bbcca943bc98c0d, 0x2bbcca943bc9849f, 1902, rd=x1, rs1=x19
    RI      addi, 0xfdd23174c76cd61b, 0xfdd23174c76cdc07, -1516, rd=x25, rs1=x18
    RI      addi, 0x47c5a19b79fcbd3c, 0x47c5a19b79fcbedc, -416, rd=x15, rs1=x29
    RI      addi, 0x37c36a81fda5d26f, 0x37c36a81fda5d8d3, -1636, rd=x2, rs1=x28
    RI      addi, 0x5718a308207ffd7d, 0x5718a308207ffab4, 713, rd=x17, rs1=x4

    PASS
