# sra: arithmetic shift right by the low 6 bits.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      sra, 0x1, 0x1, 0x0
    RR      sra, 0x0, 0x1, 0x1
    RR      sra, 0x0, 0x1, 0x1f
    RR      sra, 0x0, 0x1, 0x20
    RR      sra, 0x0, 0x1, 0x3f
    RR      sra, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      sra, 0xffffffffffffffff, 0xffffffffffffffff, 0x1
    RR      sra, 0xffffffffffffffff, 0xffffffffffffffff, 0x1f
    RR      sra, 0xffffffffffffffff, 0xffffffffffffffff, 0x20
    RR      sra, 0xffffffffffffffff, 0xffffffffffffffff, 0x3f
    RR      sra, 0x8000000000000000, 0x8000000000000000, 0x0
    RR      sra, 0xc000000000000000, 0x8000000000000000, 0x1
    RR      sra, 0xffffffff00000000, 0x8000000000000000, 0x1f
    RR      sra, 0xffffffff80000000, 0x8000000000000000, 0x20
    RR      sra, 0xffffffffffffffff, 0x8000000000000000, 0x3f
    RR      sra, 0x123456789abcdef, 0x123456789abcdef, 0x0
    RR      sra, 0x91a2b3c4d5e6f7, 0x123456789abcdef, 0x1
    RR      sra, 0x2468acf, 0x123456789abcdef, 0x1f
    RR      sra, 0x1234567, 0x123456789abcdef, 0x20
    RR      sra, 0x0, 0x123456789abcdef, 0x3f
    RR      sra, 0x8765432187654321, 0x8765432187654321, 0x0
    RR      sra, 0xc3b2a190c3b2a190, 0x8765432187654321, 0x1
    RR      sra, 0xe1d950c861d950c8, 0x8765432187654321, 0x2
    RR      sra, 0xff0eca86430eca86, 0x8765432187654321, 0x7
    RR      sra, 0xffff0eca86430eca, 0x8765432187654321, 0xf
    RR      sra, 0xffff876543218765, 0x8765432187654321, 0x10
    RR      sra, 0xffffffff0eca8643, 0x8765432187654321, 0x1f
    RR      sra, 0xffffffff87654321, 0x8765432187654321, 0x20
    RR      sra, 0xffffffffc3b2a190, 0x8765432187654321, 0x21
    RR      sra, 0xffffffffffff0eca, 0x8765432187654321, 0x2f
    RR      sra, 0xffffffffffff8765, 0x8765432187654321, 0x30
    RR      sra, 0xfffffffffffffffe, 0x8765432187654321, 0x3e
    RR      sra, 0xffffffffffffffff, 0x8765432187654321, 0x3f
    RR      sra, 0xdeadbeef00c0ffee, 0xdeadbeef00c0ffee, 0x40
    RR      sra, 0xef56df7780607ff7, 0xdeadbeef00c0ffee, 0x41
    RR      sra, 0xef56df7780607ff7, 0xdeadbeef00c0ffee, 0xffffffffffffffc1
    RR      sra, 0xffffffffdeadbeef, 0xdeadbeef00c0ffee, 0x8000000000000020
    RR      sra, 0xffffffffffffffff, 0xdeadbeef00c0ffee, 0xffffffffffffffff
    RR      sra, 0x4, 0x123456789abcdef, 0xfffffffffffffff6
    RR      sra, 0xfffffffffffffff6, 0xfffffffffffffff6, 0xffffffff80000000
    RR      sra, 0xffffffffffffffff, 0xfffffffffffffff6, 0x30
    RR      sra, 0xfffffffffffffffe, 0xffff0000ffff0000, 0x123456789abcdef
    RR      sra, 0x19ea, 0x67ab31e57af81cc7, 0xf92e5ca4442ad572
    RR      sra, 0xffff5c32ebfa0f42, 0xd70cbafe83d0a63d, 0x61096b368c7e898e
    RR      sra, 0xbe, 0x17c25a028ef9b962, 0xb42768c3bd9abff5
    RR      sra, 0x0, 0x2a5b5dcb98e2384f, 0x7627b8f7430030be
    RR      sra, 0xfffc0286aaca0a31, 0x8050d55941463736, 0x448a995b89027f0d
    RR      sra, 0x2b634168706, 0x56c682d0e0d49c64, 0x4df98d57e8e2ea15

# The same register twice, and x0
    RR      sra, 0xffffffffffffffff, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      sra, 0xffffffffffffffff, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      sra, 0xffffffffffe2468a, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      sra, 0xffffffffffe2468a, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      sra, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      sra, 0x0, 0, 0x3000000fd, rs1=x0
    RR      sra, 0xf123456789abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      sra, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      sra, 0xd0d84c0a, 0x1a1b09814f34f464, 0x121cad5d, rd=x21, rs1=x17, rs2=x18
    RR      sra, 0x719ad560d5e, 0x38cd6ab06af3ce16, 0x7c1d6509ea53, rd=x25, rs1=x2, rs2=x13
    RR      sra, 0xfffffffffffffff1, 0x896d536b0dae9d98, 0x5e9290c1a8d87b, rd=x19, rs1=x1, rs2=x24
    RR      sra, 0xfffffffffff6cbd8, 0xdb2f62031dd33760, 0x141c92a, rd=x22, rs1=x23, rs2=x9
    RR      sra, 0xfffffffffffffffc, 0x8c093c5e1bea4cd3, 0x32ca76f3d, rd=x26, rs1=x28, rs2=x29
    RR      sra, 0xfffffdac9856344e, 0xb5930ac689c20589, 0x22aca2cb8b8ed5, rd=x15, rs1=x8, rs2=x10
    RR      sra, 0xfffb6f71837d5249, 0xdb7b8c1bea924a17, 0xcec4fa834b, rd=x7, rs1=x4, rs2=x20
    RR      sra, 0x1ef5b8ab2ac0b7b, 0x1ef5b8ab2ac0b7b2, 0x5406eb7426f84, rd=x27, rs1=x5, rs2=x16

    PASS
