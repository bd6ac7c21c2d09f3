# remu: unsigned remainder; by 0: the dividend.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      remu, 0x0, 0x0, 0x0
    RR      remu, 0x0, 0x0, 0x1
    RR      remu, 0x0, 0x0, 0xffffffffffffffff
    RR      remu, 0x0, 0x0, 0x8000000000000000
    RR      remu, 0x0, 0x0, 0x7fffffffffffffff
    RR      remu, 0x1, 0x1, 0x0
    RR      remu, 0x0, 0x1, 0x1
    RR      remu, 0x1, 0x1, 0xffffffffffffffff
    RR      remu, 0x1, 0x1, 0x8000000000000000
    RR      remu, 0x1, 0x1, 0x7fffffffffffffff
    RR      remu, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      remu, 0x0, 0xffffffffffffffff, 0x1
    RR      remu, 0x0, 0xffffffffffffffff, 0xffffffffffffffff
    RR      remu, 0x7fffffffffffffff, 0xffffffffffffffff, 0x8000000000000000
    RR      remu, 0x1, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      remu, 0x8000000000000000, 0x8000000000000000, 0x0
    RR      remu, 0x0, 0x8000000000000000, 0x1
    RR      remu, 0x8000000000000000, 0x8000000000000000, 0xffffffffffffffff
    RR      remu, 0x0, 0x8000000000000000, 0x8000000000000000
    RR      remu, 0x1, 0x8000000000000000, 0x7fffffffffffffff
    RR      remu, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x0
    RR      remu, 0x0, 0x7fffffffffffffff, 0x1
    RR      remu, 0x7fffffffffffffff, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      remu, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000
    RR      remu, 0x0, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      remu, 0x2, 0x14, 0x6
    RR      remu, 0x14, 0x14, 0xfffffffffffffffa
    RR      remu, 0x2, 0xffffffffffffffec, 0x6
    RR      remu, 0xffffffffffffffec, 0xffffffffffffffec, 0xfffffffffffffffa
    RR      remu, 0x7, 0x7, 0x100000000
    RR      remu, 0x2, 0x80000000, 0x3
    RR      remu, 0x5, 0xffffffff, 0xa
    RR      remu, 0x3b9aca07, 0x3b9aca07, 0xfffffffffffffff6
    RR      remu, 0x7f8080007f8080, 0x8000000080000000, 0xff00ff00ff00ff
    RR      remu, 0x8000000080000000, 0x8000000080000000, 0xaaaaaaaaaaaaaaaa
    RR      remu, 0x9bb1, 0xffffffff80000000, 0xb505
    RR      remu, 0x1, 0xffffffff, 0x2
    RR      remu, 0x2, 0x2, 0x7fffffff
    RR      remu, 0x100000000, 0x100000000, 0xfffffffffffffff6
    RR      remu, 0x1, 0x7fffffff80000000, 0x7fffffff
    RR      remu, 0x2, 0xaaaaaaaaaaaaaaaa, 0x7fffffff
    RR      remu, 0x8000000080000000, 0x8000000080000000, 0xfffffffffffffffe
    RR      remu, 0x3bea53af72ebf630, 0xe3bd68c22be49eca, 0xa7d31512b8f8a89a
    RR      remu, 0x56a4125ba738bcd8, 0xfc4071a3c9980abf, 0xa59c5f48225f4de7
    RR      remu, 0x10169aedf3cdecbb, 0x10169aedf3cdecbb, 0x707706dd6310b0c0
    RR      remu, 0xdee47d6c6db8ff40, 0xdee47d6c6db8ff40, 0xfdf235a140f8ad82
    RR      remu, 0x140dba7d6aa220b2, 0x140dba7d6aa220b2, 0xefcb7c95374120dc
    RR      remu, 0x42b88e213378d151, 0x42b88e213378d151, 0xd6b65b00a08f0a18

# The same register twice, and x0
    RR      remu, 0x19b80aff, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      remu, 0x19b80aff, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      remu, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      remu, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      remu, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      remu, 0x0, 0, 0x3000000fd, rs1=x0
    RR      remu, 0xf123456789abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      remu, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      remu, 0x2328c73b2bb6ae, 0x456b34f46f34de19, 0x3a88e956599685, rd=x20, rs1=x23, rs2=x18
    RR      remu, 0x16915deda9e4bda3, 0xdce1d884c80761e3, 0x63283d4b8f115220, rd=x29, rs1=x25, rs2=x10
    RR      remu, 0xd17, 0xab82efd1655584d, 0xffb, rd=x9, rs1=x19, rs2=x15
    RR      remu, 0x15681edc, 0x98a02d836bc2150c, 0x1781ee54, rd=x8, rs1=x24, rs2=x16
    RR      remu, 0x3b0c5abd23, 0x9a3333e25c0c8213, 0x5525acc3be, rd=x26, rs1=x1, rs2=x5
    RR      remu, 0x3050a6f, 0xe9c6e8a64aafcad1, 0x3391c52, rd=x6, rs1=x17, rs2=x21
    RR      remu, 0x7206110, 0xc8657f5e20a882dd, 0x8b0690f, rd=x22, rs1=x28, rs2=x2
    RR      remu, 0x4f79, 0x7fc00b51a357dcfd, 0x15fcd, rd=x4, rs1=x27, rs2=x7

    PASS
