# sllw: 32-bit shift left by the low 5 bits, sign-extended.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      sllw, 0x1, 0x1, 0x0
    RR      sllw, 0x2, 0x1, 0x1
    RR      sllw, 0xffffffff80000000, 0x1, 0x1f
    RR      sllw, 0x1, 0x1, 0x20
    RR      sllw, 0xffffffff80000000, 0x1, 0x3f
    RR      sllw, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      sllw, 0xfffffffffffffffe, 0xffffffffffffffff, 0x1
    RR      sllw, 0xffffffff80000000, 0xffffffffffffffff, 0x1f
    RR      sllw, 0xffffffffffffffff, 0xffffffffffffffff, 0x20
    RR      sllw, 0xffffffff80000000, 0xffffffffffffffff, 0x3f
    RR      sllw, 0x0, 0x8000000000000000, 0x0
    RR      sllw, 0x0, 0x8000000000000000, 0x1
    RR      sllw, 0x0, 0x8000000000000000, 0x1f
    RR      sllw, 0x0, 0x8000000000000000, 0x20
    RR      sllw, 0x0, 0x8000000000000000, 0x3f
    RR      sllw, 0xffffffff89abcdef, 0x123456789abcdef, 0x0
    RR      sllw, 0x13579bde, 0x123456789abcdef, 0x1
    RR      sllw, 0xffffffff80000000, 0x123456789abcdef, 0x1f
    RR      sllw, 0xffffffff89abcdef, 0x123456789abcdef, 0x20
    RR      sllw, 0xffffffff80000000, 0x123456789abcdef, 0x3f
    RR      sllw, 0xffffffff87654321, 0x8765432187654321, 0x0
    RR      sllw, 0xeca8642, 0x8765432187654321, 0x1
    RR      sllw, 0x1d950c84, 0x8765432187654321, 0x2
    RR      sllw, 0xffffffffb2a19080, 0x8765432187654321, 0x7
    RR      sllw, 0xffffffffa1908000, 0x8765432187654321, 0xf
    RR      sllw, 0x43210000, 0x8765432187654321, 0x10
    RR      sllw, 0xffffffff80000000, 0x8765432187654321, 0x1f
    RR      sllw, 0xffffffff87654321, 0x8765432187654321, 0x20
    RR      sllw, 0xeca8642, 0x8765432187654321, 0x21
    RR      sllw, 0xffffffffa1908000, 0x8765432187654321, 0x2f
    RR      sllw, 0x43210000, 0x8765432187654321, 0x30
    RR      sllw, 0x40000000, 0x8765432187654321, 0x3e
    RR      sllw, 0xffffffff80000000, 0x8765432187654321, 0x3f
    RR      sllw, 0xc0ffee, 0xdeadbeef00c0ffee, 0x40
    RR      sllw, 0x181ffdc, 0xdeadbeef00c0ffee, 0x41
    RR      sllw, 0x181ffdc, 0xdeadbeef00c0ffee, 0xffffffffffffffc1
    RR      sllw, 0xc0ffee, 0xdeadbeef00c0ffee, 0x8000000000000020
    RR      sllw, 0x0, 0xdeadbeef00c0ffee, 0xffffffffffffffff
    RR      sllw, 0xfffffffffffffffe, 0x7fffffff, 0x1
    RR      sllw, 0x0, 0x80000000, 0xffffffffffffffff
    RR      sllw, 0x0, 0xffffffff80000000, 0xffffffffffffffff
    RR      sllw, 0x50, 0x123456780000000a, 0xabcdef0000000003
    RR      sllw, 0xfffffffffffffffe, 0xffffffff, 0x1
    RR      sllw, 0x0, 0x100000000, 0x100000001
    RR      sllw, 0xffffffff80000000, 0x80000000, 0x80000000
    RR      sllw, 0xffffffff9d1a4310, 0x9f08a27e9d1a4310, 0xd96f62b660faa6e0
    RR      sllw, 0xdcdc000, 0x1c129c47e5586e6e, 0x7dff0f92bf47906d
    RR      sllw, 0xffffffff82030000, 0x778608fa6ae88203, 0xa2a9d11ddb9e5390

# The same register twice, and x0
    RR      sllw, 0xffffffffe0000000, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      sllw, 0xffffffffe0000000, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      sllw, 0xffffffffd5e6f380, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      sllw, 0xffffffffd5e6f380, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      sllw, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      sllw, 0x0, 0, 0x3000000fd, rs1=x0
    RR      sllw, 0xffffffff89abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      sllw, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      sllw, 0x4a9fad80, 0x21f4ea02aa953f5b, 0x47, rd=x6, rs1=x4, rs2=x9
    RR      sllw, 0xffffffff9f100000, 0xbaf6395d86e153e2, 0x1a33, rd=x23, rs1=x17, rs2=x5
    RR      sllw, 0x46356e00, 0x5a85b07d63231ab7, 0xfce37ed7bf09, rd=x13, rs1=x28, rs2=x20
    RR      sllw, 0x97a0000, 0x21716a00c23e04bd, 0x235a27c448891, rd=x1, rs1=x29, rs2=x26
    RR      sllw, 0x3e880000, 0x5cfe744c2d97e7d1, 0x19b8fc6e53, rd=x27, rs1=x18, rs2=x15
    RR      sllw, 0xffffffffdba58000, 0x8fafe718afc5b74b, 0xd100f, rd=x19, rs1=x24, rs2=x22
    RR      sllw, 0xffffffffbe400000, 0xf0b08ad9a4531df2, 0xba84e640a05d95, rd=x7, rs1=x16, rs2=x25
    RR      sllw, 0xfffffffff6800000, 0xe012e581d47953ed, 0x17, rd=x8, rs1=x10, rs2=x2

    PASS
