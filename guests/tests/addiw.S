# addiw: 32-bit sum, sign-extended with an immediate.
    .include "test.inc"

    START

# Values: expected, a, immediate
    RI      addiw, 0x0, 0x0, 0
    RI      addiw, 0x1, 0x0, 1
    RI      addiw, 0xffffffffffffffff, 0x0, -1
    RI      addiw, 0x7ff, 0x0, 2047
    RI      addiw, 0xfffffffffffff800, 0x0, -2048
    RI      addiw, 0x1, 0x1, 0
    RI      addiw, 0x2, 0x1, 1
    RI      addiw, 0x0, 0x1, -1
    RI      addiw, 0x800, 0x1, 2047
    RI      addiw, 0xfffffffffffff801, 0x1, -2048
    RI      addiw, 0xffffffffffffffff, 0xffffffffffffffff, 0
    RI      addiw, 0x0, 0xffffffffffffffff, 1
    RI      addiw, 0xfffffffffffffffe, 0xffffffffffffffff, -1
    RI      addiw, 0x7fe, 0xffffffffffffffff, 2047
    RI      addiw, 0xfffffffffffff7ff, 0xffffffffffffffff, -2048
    RI      addiw, 0x0, 0x8000000000000000, 0
    RI      addiw, 0x1, 0x8000000000000000, 1
    RI      addiw, 0xffffffffffffffff, 0x8000000000000000, -1
    RI      addiw, 0x7ff, 0x8000000000000000, 2047
    RI      addiw, 0xfffffffffffff800, 0x8000000000000000, -2048
    RI      addiw, 0xffffffffffffffff, 0x7fffffffffffffff, 0
    RI      addiw, 0x0, 0x7fffffffffffffff, 1
    RI      addiw, 0xfffffffffffffffe, 0x7fffffffffffffff, -1
    RI      addiw, 0x7fe, 0x7fffffffffffffff, 2047
    RI      addiw, 0xfffffffffffff7ff, 0x7fffffffffffffff, -2048
    RI      addiw, 0xfffffffffffffaad, 0x3, -1366
    RI      addiw, 0xffffffff80000063, 0x7fffffff, 100
    RI      addiw, 0xffffffff89abcdf4, 0x123456789abcdef, 5
    RI      addiw, 0x553, 0xfffffffffffffffe, 1365
    RI      addiw, 0xfffffffffffeffff, 0xffff0000, -1
    RI      addiw, 0xff00ff, 0xff00ff00ff00ff, 0
    RI      addiw, 0xf0dd67f, 0xafec06af0f0dd684, -5
    RI      addiw, 0x553, 0xfffffffffffffffe, 1365
    RI      addiw, 0x7, 0x2, 5
    RI      addiw, 0xfffffffffffffffd, 0xfffffffffffffffe, -1
    RI      addiw, 0x7fffffff, 0x8000000080000000, -1
    RI      addiw, 0xfffffffffffffffa, 0xffffffff, -5
    RI      addiw, 0x7ffff800, 0xffffffff80000000, -2048
    RI      addiw, 0x555554f1, 0x5555555555555555, -100
    RI      addiw, 0x7fffff9c, 0x7fffffff80000000, -100
    RI      addiw, 0xffffffff80000555, 0xffffffff80000000, 1365
    RI      addiw, 0xffffffff80000002, 0x7fffffff80000000, 2
    RI      addiw, 0xffffffffffff0002, 0xffff0000, 2
    RI      addiw, 0xffffffffaaaaaaa9, 0xaaaaaaaaaaaaaaaa, -1
    RI      addiw, 0x3, 0x3, 0
    RI      addiw, 0xffffffff80000000, 0x7fffffff80000000, 0
    RI      addiw, 0xa, 0x5, 5
    RI      addiw, 0xfffffffffffffff6, 0xfffffffffffffffb, -5
    RI      addiw, 0xffffffff80000000, 0x7fffffff, 1
    RI      addiw, 0x0, 0xffffffff, 1

# The same register twice, and x0
    RI      addiw, 0xffffffff89abccc4, 0xf123456789abcde7, -291, rd=x11
    RI      addiw, 0, 0xf123456789abcde7, -291, rd=x0
    RI      addiw, 0xfffffffffffffedd, 0, -291, rs1=x0

# Other registers
    RI      addiw, 0x54e9e9ff, 0xe30b370454e9e9fb, 4, rd=x18, rs1=x23
    RI      addiw, 0x4d17f468, 0xdc1010844d17ee4b, 1565, rd=x16, rs1=x7
    RI      addiw, 0xffffffff969006c7, 0xcf282022969008e3, -540, rd=x26, rs1=x13
    RI      addiw, 0xffffffff91b5afe7, 0x79aad83b91b5b3db, -1012, rd=x27, rs1=x8
    RI      addiw, 0xffffffffc8bd6234, 0x48eab019c8bd5ed6, 862, rd=x4, rs1=x19
    RI      addiw, 0x6e2ee64f, 0x6897b8d86e2edf96, 1721, rd=x1, rs1=x25
    RI      addiw, 0xffffffffe8ee5de6, 0x7067103ee8ee5a90, 854, rd=x5, rs1=x22
    RI      addiw, 0xffffffffbd32860c, 0xd3f0f02fbd328064, 1448, rd=x2, rs1=x15

    PASS
