# mulhsu: high half, signed by unsigned.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      mulhsu, 0x0, 0x0, 0x0
    RR      mulhsu, 0x0, 0x0, 0x1
    RR      mulhsu, 0x0, 0x0, 0xffffffffffffffff
    RR      mulhsu, 0x0, 0x0, 0x8000000000000000
    RR      mulhsu, 0x0, 0x0, 0x7fffffffffffffff
    RR      mulhsu, 0x0, 0x1, 0x0
    RR      mulhsu, 0x0, 0x1, 0x1
    RR      mulhsu, 0x0, 0x1, 0xffffffffffffffff
    RR      mulhsu, 0x0, 0x1, 0x8000000000000000
    RR      mulhsu, 0x0, 0x1, 0x7fffffffffffffff
    RR      mulhsu, 0x0, 0xffffffffffffffff, 0x0
    RR      mulhsu, 0xffffffffffffffff, 0xffffffffffffffff, 0x1
    RR      mulhsu, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    RR      mulhsu, 0xffffffffffffffff, 0xffffffffffffffff, 0x8000000000000000
    RR      mulhsu, 0xffffffffffffffff, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      mulhsu, 0x0, 0x8000000000000000, 0x0
    RR      mulhsu, 0xffffffffffffffff, 0x8000000000000000, 0x1
    RR      mulhsu, 0x8000000000000000, 0x8000000000000000, 0xffffffffffffffff
    RR      mulhsu, 0xc000000000000000, 0x8000000000000000, 0x8000000000000000
    RR      mulhsu, 0xc000000000000000, 0x8000000000000000, 0x7fffffffffffffff
    RR      mulhsu, 0x0, 0x7fffffffffffffff, 0x0
    RR      mulhsu, 0x0, 0x7fffffffffffffff, 0x1
    RR      mulhsu, 0x7ffffffffffffffe, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      mulhsu, 0x3fffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000
    RR      mulhsu, 0x3fffffffffffffff, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      mulhsu, 0x0, 0xffffffff, 0xffffffff
    RR      mulhsu, 0xffffffffffffffff, 0xfffffffffffffffd, 0x7
    RR      mulhsu, 0x0, 0xb504f334, 0xb504f333
    RR      mulhsu, 0x0, 0x10001, 0xffff0001
    RR      mulhsu, 0xffffffffffffc465, 0xffff0000ffff0000, 0x3b9aca07
    RR      mulhsu, 0xff6e5d4c3bbbbbbc, 0x8000000080000000, 0x123456789abcdef
    RR      mulhsu, 0x78ad, 0xb505, 0xaaaaaaaaaaaaaaaa
    RR      mulhsu, 0x7fffffff, 0x7fffffff80000000, 0xffffffff
    RR      mulhsu, 0x0, 0x2, 0xff00ff00ff00ff
    RR      mulhsu, 0xfffffffffffffffe, 0xaaaaaaaaaaaaaaaa, 0x3
    RR      mulhsu, 0x7fffffff, 0x100000000, 0x7fffffff80000000
    RR      mulhsu, 0xfeffff, 0xffff0000, 0xff00ff00ff00ff
    RR      mulhsu, 0xffffff00ffffff00, 0xffff0000ffff0000, 0xff00ff00ff00ff
    RR      mulhsu, 0x13de4357, 0x5555555555555555, 0x3b9aca07
    RR      mulhsu, 0x0, 0x3, 0x5555555555555555
    RR      mulhsu, 0x0, 0xffffffff, 0x3
    RR      mulhsu, 0x1, 0x3, 0xaaaaaaaaaaaaaaaa
    RR      mulhsu, 0x3faa82e84a225fe0, 0x4ef74bc4a34f60ae, 0xce662b75c7c781bd
    RR      mulhsu, 0x1a19b9fc11161cb3, 0x61c8914f3ee77a0b, 0x4454f4fbc7902ede
    RR      mulhsu, 0xe6d06996f7e6627e, 0xa2e06c06d8949337, 0x453cb048cf762576
    RR      mulhsu, 0xc1345d4133679f, 0x133b1dbaa648499c, 0xa0beb203551c51e
    RR      mulhsu, 0xe9f4b8dc44bd1b90, 0xca6dd780f4893ee6, 0x6957983e80bf0005
    RR      mulhsu, 0x1bb77852ab37cca6, 0x4b951b044fea1fa4, 0x5de091c7dcd99549

# The same register twice, and x0
    RR      mulhsu, 0xffffffffd369d027, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      mulhsu, 0xffffffffd369d027, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      mulhsu, 0xf200282174aa4ad6, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      mulhsu, 0xf200282174aa4ad6, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      mulhsu, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      mulhsu, 0x0, 0, 0x3000000fd, rs1=x0
    RR      mulhsu, 0x0, 0xf123456789abcde7, 0, rs2=x0
    RR      mulhsu, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      mulhsu, 0x3921a740bdc6b6c, 0x54b5cdd093d526df, 0xaca7bc7e690c28c, rd=x7, rs1=x15, rs2=x24
    RR      mulhsu, 0x13a0, 0x12b111b15f5908a2, 0x10cd5, rd=x1, rs1=x6, rs2=x2
    RR      mulhsu, 0xffffffffffffffe0, 0x921e6ed99631c9e0, 0x49, rd=x27, rs1=x25, rs2=x26
    RR      mulhsu, 0xfffffc4a71f682cf, 0x989d530d29691f10, 0x92f427642d5, rd=x10, rs1=x9, rs2=x5
    RR      mulhsu, 0xffffff8e7b0a2fed, 0xde7da20b702c135a, 0x36340820890, rd=x16, rs1=x22, rs2=x21
    RR      mulhsu, 0xffffffffffffffef, 0xa3b84c3be56faaa3, 0x2f, rd=x13, rs1=x19, rs2=x17
    RR      mulhsu, 0xffff053cec0cf137, 0x9b6e66f55837f610, 0x27e5204d8e510, rd=x28, rs1=x20, rs2=x29
    RR      mulhsu, 0x24, 0x5a9a8dc49ddfff62, 0x67, rd=x18, rs1=x4, rs2=x8

    PASS
