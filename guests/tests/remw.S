# remw: signed 32-bit remainder, sign-extended.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      remw, 0x0, 0x0, 0x0
    RR      remw, 0x0, 0x0, 0x1
    RR      remw, 0x0, 0x0, 0xffffffffffffffff
    RR      remw, 0x0, 0x0, 0x8000000000000000
    RR      remw, 0x0, 0x0, 0x7fffffffffffffff
    RR      remw, 0x1, 0x1, 0x0
    RR      remw, 0x0, 0x1, 0x1
    RR      remw, 0x0, 0x1, 0xffffffffffffffff
    RR      remw, 0x1, 0x1, 0x8000000000000000
    RR      remw, 0x0, 0x1, 0x7fffffffffffffff
    RR      remw, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      remw, 0x0, 0xffffffffffffffff, 0x1
    RR      remw, 0x0, 0xffffffffffffffff, 0xffffffffffffffff
    RR      remw, 0xffffffffffffffff, 0xffffffffffffffff, 0x8000000000000000
    RR      remw, 0x0, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      remw, 0x0, 0x8000000000000000, 0x0
    RR      remw, 0x0, 0x8000000000000000, 0x1
    RR      remw, 0x0, 0x8000000000000000, 0xffffffffffffffff
    RR      remw, 0x0, 0x8000000000000000, 0x8000000000000000
    RR      remw, 0x0, 0x8000000000000000, 0x7fffffffffffffff
    RR      remw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x0
    RR      remw, 0x0, 0x7fffffffffffffff, 0x1
    RR      remw, 0x0, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      remw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000
    RR      remw, 0x0, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      remw, 0x0, 0x7fffffff, 0x1
    RR      remw, 0x0, 0x80000000, 0xffffffffffffffff
    RR      remw, 0x0, 0xffffffff80000000, 0xffffffffffffffff
    RR      remw, 0x1, 0x123456780000000a, 0xabcdef0000000003
    RR      remw, 0x0, 0xffffffff, 0x1
    RR      remw, 0x0, 0x100000000, 0x100000001
    RR      remw, 0x0, 0x80000000, 0x80000000
    RR      remw, 0x2, 0x14, 0x6
    RR      remw, 0x2, 0x14, 0xfffffffffffffffa
    RR      remw, 0xfffffffffffffffe, 0xffffffffffffffec, 0x6
    RR      remw, 0xfffffffffffffffe, 0xffffffffffffffec, 0xfffffffffffffffa
    RR      remw, 0x7, 0x7, 0x100000000
    RR      remw, 0xfffffffffffffffe, 0x80000000, 0x3
    RR      remw, 0xffffffffffffffff, 0xffffffff, 0xa
    RR      remw, 0x7, 0x3b9aca07, 0xfffffffffffffff6
    RR      remw, 0x3, 0x3, 0xffff0000
    RR      remw, 0x0, 0x100000000, 0x3b9aca07
    RR      remw, 0xfffffffff16ebdc6, 0x710092889f84ceb8, 0x17db962ae1610f2
    RR      remw, 0x1684ef21, 0x86608ff35156c9e5, 0x17a87141e297129e
    RR      remw, 0xffffffffd015c265, 0x53fbc240d015c265, 0x70a6da4f5ea9353d
    RR      remw, 0x5b4bef8, 0x330cce6177c308c2, 0xe8600bff390724e5
    RR      remw, 0xffffffffbf30100d, 0xc96116c5bf30100d, 0x704b545c8d0d1dda
    RR      remw, 0x65d17177, 0x2a7c995565d17177, 0x133a436984aaf7c4

# The same register twice, and x0
    RR      remw, 0xffffffffffffffbb, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      remw, 0xffffffffffffffbb, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      remw, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      remw, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      remw, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      remw, 0x0, 0, 0x3000000fd, rs1=x0
    RR      remw, 0xffffffff89abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      remw, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      remw, 0xeff87bb, 0xa06c26863fe498ed, 0x21d3ddcf1aeece, rd=x7, rs1=x9, rs2=x22
    RR      remw, 0xfffffffffff48f48, 0x3982eb59c8bee2b3, 0xbb0bd, rd=x1, rs1=x29, rs2=x21
    RR      remw, 0x1dc, 0x3c6782243b6f3d2b, 0x269, rd=x26, rs1=x24, rs2=x16
    RR      remw, 0x31bd26a, 0x4e4a9e4c26533c2d, 0x540bbd2341, rd=x20, rs1=x4, rs2=x6
    RR      remw, 0xfffffffff080255f, 0x8c0c825bde97ea3a, 0x3fc7611e83b25, rd=x23, rs1=x25, rs2=x2
    RR      remw, 0x14, 0xebce92c3566cd623, 0x6d, rd=x28, rs1=x10, rs2=x15
    RR      remw, 0xffffffffffffffdc, 0xfc0ceb7ff602b1b4, 0x28, rd=x5, rs1=x18, rs2=x8
    RR      remw, 0xfffffffffffd6c53, 0x5fc52fb0f6d4573d, 0x484ba, rd=x13, rs1=x19, rs2=x17

    PASS
