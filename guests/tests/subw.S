# subw: 32-bit difference, sign-extended.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      subw, 0x0, 0x0, 0x0
    RR      subw, 0xffffffffffffffff, 0x0, 0x1
    RR      subw, 0x1, 0x0, 0xffffffffffffffff
    RR      subw, 0x0, 0x0, 0x8000000000000000
    RR      subw, 0x1, 0x0, 0x7fffffffffffffff
    RR      subw, 0x1, 0x1, 0x0
    RR      subw, 0x0, 0x1, 0x1
    RR      subw, 0x2, 0x1, 0xffffffffffffffff
    RR      subw, 0x1, 0x1, 0x8000000000000000
    RR      subw, 0x2, 0x1, 0x7fffffffffffffff
    RR      subw, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      subw, 0xfffffffffffffffe, 0xffffffffffffffff, 0x1
    RR      subw, 0x0, 0xffffffffffffffff, 0xffffffffffffffff
    RR      subw, 0xffffffffffffffff, 0xffffffffffffffff, 0x8000000000000000
    RR      subw, 0x0, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      subw, 0x0, 0x8000000000000000, 0x0
    RR      subw, 0xffffffffffffffff, 0x8000000000000000, 0x1
    RR      subw, 0x1, 0x8000000000000000, 0xffffffffffffffff
    RR      subw, 0x0, 0x8000000000000000, 0x8000000000000000
    RR      subw, 0x1, 0x8000000000000000, 0x7fffffffffffffff
    RR      subw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x0
    RR      subw, 0xfffffffffffffffe, 0x7fffffffffffffff, 0x1
    RR      subw, 0x0, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      subw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000
    RR      subw, 0x0, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      subw, 0x7ffffffe, 0x7fffffff, 0x1
    RR      subw, 0xffffffff80000001, 0x80000000, 0xffffffffffffffff
    RR      subw, 0xffffffff80000001, 0xffffffff80000000, 0xffffffffffffffff
    RR      subw, 0x7, 0x123456780000000a, 0xabcdef0000000003
    RR      subw, 0xfffffffffffffffe, 0xffffffff, 0x1
    RR      subw, 0xffffffffffffffff, 0x100000000, 0x100000001
    RR      subw, 0x0, 0x80000000, 0x80000000
    RR      subw, 0x10003, 0x3, 0xffff0000
    RR      subw, 0xffffffff80000002, 0x2, 0xffffffff80000000
    RR      subw, 0xfffffffffffffffc, 0xfffffffffffffffe, 0x2
    RR      subw, 0xffffffff80ff00ff, 0xff00ff00ff00ff, 0x80000000
    RR      subw, 0x7f00ff01, 0x7fffffff80000000, 0xff00ff00ff00ff
    RR      subw, 0xfffffffffffe4afb, 0xffff0000, 0xb505
    RR      subw, 0x76543211, 0x100000000, 0x123456789abcdef
    RR      subw, 0x7ffffff7, 0xfffffffffffffff6, 0x7fffffff
    RR      subw, 0xffffffffffff4afa, 0xffffffff, 0xb505
    RR      subw, 0xfffffffff6543210, 0xfedcba9876543210, 0x80000000
    RR      subw, 0xffffffffc5adb882, 0xd09902e3d8838ad5, 0x9c001f2012d5d253
    RR      subw, 0xb96a3e1, 0x8ea7448ca532cfe8, 0xcdc67acc999c2c07
    RR      subw, 0xffffffff99dcd607, 0x4394eba01afa864f, 0x3ad25f64811db048
    RR      subw, 0x74bf7d41, 0x3bec16cc3a8b7002, 0xfba5ca2ac5cbf2c1
    RR      subw, 0x37ff491, 0x2820679c74881ba, 0x60064aec3c88d29
    RR      subw, 0x190f9ce, 0xde8f5a285363c2cd, 0xc9f9bd1e51d2c8ff

# The same register twice, and x0
    RR      subw, 0xffffffff89abccea, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      subw, 0xffffffff89abccea, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      subw, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      subw, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      subw, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      subw, 0xffffffffffffff03, 0, 0x3000000fd, rs1=x0
    RR      subw, 0xffffffff89abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      subw, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      subw, 0xffffffffb3699cc7, 0x90e71b03f214e1ff, 0x43eab4538, rd=x16, rs1=x4, rs2=x9
    RR      subw, 0xffffffffc8697520, 0xda92583ac869df4f, 0x6a2f, rd=x1, rs1=x27, rs2=x7
    RR      subw, 0x65d54de3, 0x6c21123965d54e00, 0x1d, rd=x2, rs1=x24, rs2=x13
    RR      subw, 0x4a99d633, 0xe60f7944db52f24, 0x31b58f1, rd=x25, rs1=x10, rs2=x8
    RR      subw, 0xffffffff976a17fb, 0x8685ea2b977190a7, 0x778ac, rd=x19, rs1=x6, rs2=x28
    RR      subw, 0xffffffff8d9bed11, 0x3eaaa6d9f2de2240, 0xbdad3546542352f, rd=x29, rs1=x5, rs2=x17
    RR      subw, 0xffffffffd4b82145, 0x86f51940d561fb61, 0xa9da1c, rd=x22, rs1=x15, rs2=x20
    RR      subw, 0x20ea7a07, 0x22a003b020ea7da1, 0x39a, rd=x21, rs1=x26, rs2=x23

    PASS
