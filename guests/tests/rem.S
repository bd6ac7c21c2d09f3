# rem: remainder with the sign of the dividend; by 0: the dividend; overflow: 0.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      rem, 0x0, 0x0, 0x0
    RR      rem, 0x0, 0x0, 0x1
    RR      rem, 0x0, 0x0, 0xffffffffffffffff
    RR      rem, 0x0, 0x0, 0x8000000000000000
    RR      rem, 0x0, 0x0, 0x7fffffffffffffff
    RR      rem, 0x1, 0x1, 0x0
    RR      rem, 0x0, 0x1, 0x1
    RR      rem, 0x0, 0x1, 0xffffffffffffffff
    RR      rem, 0x1, 0x1, 0x8000000000000000
    RR      rem, 0x1, 0x1, 0x7fffffffffffffff
    RR      rem, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      rem, 0x0, 0xffffffffffffffff, 0x1
    RR      rem, 0x0, 0xffffffffffffffff, 0xffffffffffffffff
    RR      rem, 0xffffffffffffffff, 0xffffffffffffffff, 0x8000000000000000
    RR      rem, 0xffffffffffffffff, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      rem, 0x8000000000000000, 0x8000000000000000, 0x0
    RR      rem, 0x0, 0x8000000000000000, 0x1
    RR      rem, 0x0, 0x8000000000000000, 0xffffffffffffffff
    RR      rem, 0x0, 0x8000000000000000, 0x8000000000000000
    RR      rem, 0xffffffffffffffff, 0x8000000000000000, 0x7fffffffffffffff
    RR      rem, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x0
    RR      rem, 0x0, 0x7fffffffffffffff, 0x1
    RR      rem, 0x0, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      rem, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000
    RR      rem, 0x0, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      rem, 0x2, 0x14, 0x6
    RR      rem, 0x2, 0x14, 0xfffffffffffffffa
    RR      rem, 0xfffffffffffffffe, 0xffffffffffffffec, 0x6
    RR      rem, 0xfffffffffffffffe, 0xffffffffffffffec, 0xfffffffffffffffa
    RR      rem, 0x7, 0x7, 0x100000000
    RR      rem, 0x2, 0x80000000, 0x3
    RR      rem, 0x5, 0xffffffff, 0xa
    RR      rem, 0x7, 0x3b9aca07, 0xfffffffffffffff6
    RR      rem, 0xffffffff, 0xffffffff, 0xfedcba9876543210
    RR      rem, 0x1, 0xff00ff00ff00ff, 0xfffffffffffffffe
    RR      rem, 0xff00ff, 0xff00ff00ff00ff, 0x100000000
    RR      rem, 0x0, 0xffffffff80000000, 0xffffffff80000000
    RR      rem, 0x80000000, 0x80000000, 0xffffffff
    RR      rem, 0x0, 0x8000000080000000, 0xffffffff80000000
    RR      rem, 0xfffffffffffffff6, 0xfffffffffffffff6, 0x7fffffff
    RR      rem, 0xfffffffffffffffe, 0xfffffffffffffffe, 0x100000000
    RR      rem, 0x2, 0x2, 0xfedcba9876543210
    RR      rem, 0xff9de68865247ac4, 0x82e3d436c7e4f135, 0x8345edae62c07671
    RR      rem, 0x283cf587ddda4f5c, 0x665ef4cb9c096fdb, 0x3e21ff43be2f207f
    RR      rem, 0x36be3e85f8b0597a, 0x36be3e85f8b0597a, 0xbec105b61459656c
    RR      rem, 0xcb7762bb57c6121, 0x608ad98c435a8b7d, 0xac2c9c9f7221d5a4
    RR      rem, 0xf9a397e5ef6b4259, 0x8e5cf9562836c805, 0xf0acc4c6e38ac9f4
    RR      rem, 0xd701875a889a04fe, 0xd701875a889a04fe, 0x4762910eb4ac8071

# The same register twice, and x0
    RR      rem, 0xffffffff6f0d4454, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      rem, 0xffffffff6f0d4454, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      rem, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      rem, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      rem, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      rem, 0x0, 0, 0x3000000fd, rs1=x0
    RR      rem, 0xf123456789abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      rem, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      rem, 0x51713, 0x630a3c74847204df, 0x8193c, rd=x18, rs1=x25, rs2=x17
    RR      rem, 0xff6398e6cbdb1fa4, 0xb6d851258a91db0f, 0xf17dbe72f2f158af, rd=x8, rs1=x7, rs2=x19
    RR      rem, 0xffee6b2557debf00, 0x9f16b52e53952348, 0x15028a67ec1a62, rd=x22, rs1=x6, rs2=x2
    RR      rem, 0xffffffa443e3916a, 0xf2b07f77214905e1, 0x67d8b6255f, rd=x15, rs1=x27, rs2=x4
    RR      rem, 0x1c33f5b74c6bf2, 0x81fd0cd5d175182, 0x100739af4b95cb2, rd=x26, rs1=x21, rs2=x5
    RR      rem, 0xae3cd867d0a19, 0x1ee61b34d2ca04a1, 0xff540568595f8, rd=x10, rs1=x28, rs2=x23
    RR      rem, 0xfffffffffffffb1b, 0xd201b670988e1178, 0x517, rd=x1, rs1=x13, rs2=x24
    RR      rem, 0x15, 0xc7e65af16fc13cd, 0x1c, rd=x9, rs1=x29, rs2=x20

    PASS
