# srl: logical shift right by the low 6 bits.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      srl, 0x1, 0x1, 0x0
    RR      srl, 0x0, 0x1, 0x1
    RR      srl, 0x0, 0x1, 0x1f
    RR      srl, 0x0, 0x1, 0x20
    RR      srl, 0x0, 0x1, 0x3f
    RR      srl, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      srl, 0x7fffffffffffffff, 0xffffffffffffffff, 0x1
    RR      srl, 0x1ffffffff, 0xffffffffffffffff, 0x1f
    RR      srl, 0xffffffff, 0xffffffffffffffff, 0x20
    RR      srl, 0x1, 0xffffffffffffffff, 0x3f
    RR      srl, 0x8000000000000000, 0x8000000000000000, 0x0
    RR      srl, 0x4000000000000000, 0x8000000000000000, 0x1
    RR      srl, 0x100000000, 0x8000000000000000, 0x1f
    RR      srl, 0x80000000, 0x8000000000000000, 0x20
    RR      srl, 0x1, 0x8000000000000000, 0x3f
    RR      srl, 0x123456789abcdef, 0x123456789abcdef, 0x0
    RR      srl, 0x91a2b3c4d5e6f7, 0x123456789abcdef, 0x1
    RR      srl, 0x2468acf, 0x123456789abcdef, 0x1f
    RR      srl, 0x1234567, 0x123456789abcdef, 0x20
    RR      srl, 0x0, 0x123456789abcdef, 0x3f
    RR      srl, 0x8765432187654321, 0x8765432187654321, 0x0
    RR      srl, 0x43b2a190c3b2a190, 0x8765432187654321, 0x1
    RR      srl, 0x21d950c861d950c8, 0x8765432187654321, 0x2
    RR      srl, 0x10eca86430eca86, 0x8765432187654321, 0x7
    RR      srl, 0x10eca86430eca, 0x8765432187654321, 0xf
    RR      srl, 0x876543218765, 0x8765432187654321, 0x10
    RR      srl, 0x10eca8643, 0x8765432187654321, 0x1f
    RR      srl, 0x87654321, 0x8765432187654321, 0x20
    RR      srl, 0x43b2a190, 0x8765432187654321, 0x21
    RR      srl, 0x10eca, 0x8765432187654321, 0x2f
    RR      srl, 0x8765, 0x8765432187654321, 0x30
    RR      srl, 0x2, 0x8765432187654321, 0x3e
    RR      srl, 0x1, 0x8765432187654321, 0x3f
    RR      srl, 0xdeadbeef00c0ffee, 0xdeadbeef00c0ffee, 0x40
    RR      srl, 0x6f56df7780607ff7, 0xdeadbeef00c0ffee, 0x41
    RR      srl, 0x6f56df7780607ff7, 0xdeadbeef00c0ffee, 0xffffffffffffffc1
    RR      srl, 0xdeadbeef, 0xdeadbeef00c0ffee, 0x8000000000000020
    RR      srl, 0x1, 0xdeadbeef00c0ffee, 0xffffffffffffffff
    RR      srl, 0x0, 0x100000000, 0xff00ff00ff00ff
    RR      srl, 0x0, 0xffffffff, 0x30
    RR      srl, 0x0, 0xb505, 0x20
    RR      srl, 0xffff0000, 0xffff0000, 0x80000000
    RR      srl, 0x3e95b90d, 0xfa56e4362fa449b, 0x5c49e843628637de
    RR      srl, 0x1b0f12b7, 0xd87895bf888adfb8, 0xd4969d251fa62123
    RR      srl, 0x2321458467ba693, 0x8c8516119ee9a4cd, 0x7c8508a8b5795346
    RR      srl, 0x2cd8df532b2, 0xb3637d4cacadc0c5, 0x58f8110c9c8ec756
    RR      srl, 0x246, 0x91a031a2b7f72c92, 0x5473a9c637e09636
    RR      srl, 0x5e65f35d655713, 0xbccbe6bacaae26ad, 0x94811ab582fc849

# The same register twice, and x0
    RR      srl, 0x7, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      srl, 0x7, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      srl, 0x1e2468a, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      srl, 0x1e2468a, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      srl, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      srl, 0x0, 0, 0x3000000fd, rs1=x0
    RR      srl, 0xf123456789abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      srl, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      srl, 0x8, 0x1128ac83ee584165, 0x9db3279, rd=x5, rs1=x23, rs2=x19
    RR      srl, 0x2713dc, 0x2713dc3e2bc7f5b1, 0x1e8, rd=x7, rs1=x8, rs2=x10
    RR      srl, 0x3b, 0xeef86a679f5daa7a, 0x35c1615bf0fccba, rd=x21, rs1=x29, rs2=x15
    RR      srl, 0x304b13d23cf22, 0xc12c4f48f3c896ae, 0x796ce, rd=x20, rs1=x2, rs2=x16
    RR      srl, 0x3, 0x7ebfe353b2f817fe, 0x17c7148d743b3d, rd=x27, rs1=x9, rs2=x25
    RR      srl, 0x1d63f9f6708c78, 0x758fe7d9c231e0e2, 0x8a, rd=x1, rs1=x18, rs2=x13
    RR      srl, 0x33be11431a1b, 0xcef8450c686e394f, 0xf39624d11e5452, rd=x17, rs1=x22, rs2=x26
    RR      srl, 0x12af, 0x4abcf3c0458e0f30, 0x1b30fb72, rd=x6, rs1=x24, rs2=x28

    PASS
