# sll: shift left by the low 6 bits.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      sll, 0x1, 0x1, 0x0
    RR      sll, 0x2, 0x1, 0x1
    RR      sll, 0x80000000, 0x1, 0x1f
    RR      sll, 0x100000000, 0x1, 0x20
    RR      sll, 0x8000000000000000, 0x1, 0x3f
    RR      sll, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      sll, 0xfffffffffffffffe, 0xffffffffffffffff, 0x1
    RR      sll, 0xffffffff80000000, 0xffffffffffffffff, 0x1f
    RR      sll, 0xffffffff00000000, 0xffffffffffffffff, 0x20
    RR      sll, 0x8000000000000000, 0xffffffffffffffff, 0x3f
    RR      sll, 0x8000000000000000, 0x8000000000000000, 0x0
    RR      sll, 0x0, 0x8000000000000000, 0x1
    RR      sll, 0x0, 0x8000000000000000, 0x1f
    RR      sll, 0x0, 0x8000000000000000, 0x20
    RR      sll, 0x0, 0x8000000000000000, 0x3f
    RR      sll, 0x123456789abcdef, 0x123456789abcdef, 0x0
    RR      sll, 0x2468acf13579bde, 0x123456789abcdef, 0x1
    RR      sll, 0xc4d5e6f780000000, 0x123456789abcdef, 0x1f
    RR      sll, 0x89abcdef00000000, 0x123456789abcdef, 0x20
    RR      sll, 0x8000000000000000, 0x123456789abcdef, 0x3f
    RR      sll, 0x8765432187654321, 0x8765432187654321, 0x0
    RR      sll, 0xeca86430eca8642, 0x8765432187654321, 0x1
    RR      sll, 0x1d950c861d950c84, 0x8765432187654321, 0x2
    RR      sll, 0xb2a190c3b2a19080, 0x8765432187654321, 0x7
    RR      sll, 0xa190c3b2a1908000, 0x8765432187654321, 0xf
    RR      sll, 0x4321876543210000, 0x8765432187654321, 0x10
    RR      sll, 0xc3b2a19080000000, 0x8765432187654321, 0x1f
    RR      sll, 0x8765432100000000, 0x8765432187654321, 0x20
    RR      sll, 0xeca864200000000, 0x8765432187654321, 0x21
    RR      sll, 0xa190800000000000, 0x8765432187654321, 0x2f
    RR      sll, 0x4321000000000000, 0x8765432187654321, 0x30
    RR      sll, 0x4000000000000000, 0x8765432187654321, 0x3e
    RR      sll, 0x8000000000000000, 0x8765432187654321, 0x3f
    RR      sll, 0xdeadbeef00c0ffee, 0xdeadbeef00c0ffee, 0x40
    RR      sll, 0xbd5b7dde0181ffdc, 0xdeadbeef00c0ffee, 0x41
    RR      sll, 0xbd5b7dde0181ffdc, 0xdeadbeef00c0ffee, 0xffffffffffffffc1
    RR      sll, 0xc0ffee00000000, 0xdeadbeef00c0ffee, 0x8000000000000020
    RR      sll, 0x0, 0xdeadbeef00c0ffee, 0xffffffffffffffff
    RR      sll, 0x1dcd650380000000, 0x3b9aca07, 0x1f
    RR      sll, 0x8000000000000000, 0xffff0000ffff0000, 0x123456789abcdef
    RR      sll, 0xfc03fc0000000000, 0xff00ff00ff00ff, 0xaaaaaaaaaaaaaaaa
    RR      sll, 0x8000000000000000, 0xffffffff, 0x3f
    RR      sll, 0x4f50961a4c644b7, 0x4f50961a4c644b7, 0x3d7f3af457291a80
    RR      sll, 0xd9187e9a00000000, 0x1009ed9dd9187e9a, 0x650d1ab3dbf0c520
    RR      sll, 0x983cb28680000000, 0x8cbbf70b3079650d, 0xdc50fcf3d96b941f
    RR      sll, 0x28fc780000000000, 0xd38450a691c51f8f, 0x61eb522ffb83c96b
    RR      sll, 0xbe50b9f5a0000000, 0xe5a7ee2be50b9f5a, 0x60315e26c01b1bdc
    RR      sll, 0x1000000000000000, 0xe4ea49631d1bba81, 0x2a076941803a8b7c

# The same register twice, and x0
    RR      sll, 0xe000000000000000, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      sll, 0xe000000000000000, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      sll, 0xd5e6f38000000000, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      sll, 0xd5e6f38000000000, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      sll, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      sll, 0x0, 0, 0x3000000fd, rs1=x0
    RR      sll, 0xf123456789abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      sll, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      sll, 0x0, 0x4551d57b86d54160, 0x314dffbf, rd=x15, rs1=x21, rs2=x13
    RR      sll, 0x51ab151392e66600, 0x7228d58a89c97333, 0x3009, rd=x24, rs1=x8, rs2=x6
    RR      sll, 0xd9b300000000000, 0x277a6156ae61b366, 0xafda13e0beb, rd=x20, rs1=x2, rs2=x19
    RR      sll, 0x7cea2f1100000000, 0xaa3af727cea2f11, 0x69542c60, rd=x26, rs1=x4, rs2=x29
    RR      sll, 0xf491448000000000, 0xf47a1d97fd245120, 0x22, rd=x1, rs1=x16, rs2=x28
    RR      sll, 0xe186800000000000, 0x7b21a8663b861a00, 0x308596f2caea6, rd=x5, rs1=x17, rs2=x25
    RR      sll, 0x3000000000000000, 0xc34c3ddecccb8618, 0xbebf3eebb098c79, rd=x9, rs1=x22, rs2=x7
    RR      sll, 0x90bebb1f12b8a4c0, 0xe485f5d8f895c526, 0x77bb3c5, rd=x10, rs1=x27, rs2=x23

    PASS
