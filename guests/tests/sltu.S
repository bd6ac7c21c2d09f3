# sltu: unsigned less than.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      sltu, 0x0, 0x0, 0x0
    RR      sltu, 0x1, 0x0, 0x1
    RR      sltu, 0x1, 0x0, 0xffffffffffffffff
    RR      sltu, 0x1, 0x0, 0x8000000000000000
    RR      sltu, 0x1, 0x0, 0x7fffffffffffffff
    RR      sltu, 0x0, 0x1, 0x0
    RR      sltu, 0x0, 0x1, 0x1
    RR      sltu, 0x1, 0x1, 0xffffffffffffffff
    RR      sltu, 0x1, 0x1, 0x8000000000000000
    RR      sltu, 0x1, 0x1, 0x7fffffffffffffff
    RR      sltu, 0x0, 0xffffffffffffffff, 0x0
    RR      sltu, 0x0, 0xffffffffffffffff, 0x1
    RR      sltu, 0x0, 0xffffffffffffffff, 0xffffffffffffffff
    RR      sltu, 0x0, 0xffffffffffffffff, 0x8000000000000000
    RR      sltu, 0x0, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      sltu, 0x0, 0x8000000000000000, 0x0
    RR      sltu, 0x0, 0x8000000000000000, 0x1
    RR      sltu, 0x1, 0x8000000000000000, 0xffffffffffffffff
    RR      sltu, 0x0, 0x8000000000000000, 0x8000000000000000
    RR      sltu, 0x0, 0x8000000000000000, 0x7fffffffffffffff
    RR      sltu, 0x0, 0x7fffffffffffffff, 0x0
    RR      sltu, 0x0, 0x7fffffffffffffff, 0x1
    RR      sltu, 0x1, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      sltu, 0x1, 0x7fffffffffffffff, 0x8000000000000000
    RR      sltu, 0x0, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      sltu, 0x0, 0xfedcba9876543210, 0xb505
    RR      sltu, 0x0, 0xfffffffffffffff6, 0x5555555555555555
    RR      sltu, 0x1, 0x3, 0xffffffff80000000
    RR      sltu, 0x1, 0xffffffff, 0xff00ff00ff00ff
    RR      sltu, 0x0, 0xfffffffffffffffe, 0xffffffff80000000
    RR      sltu, 0x1, 0x8000000080000000, 0xfffffffffffffff6
    RR      sltu, 0x0, 0x7fffffff80000000, 0x2
    RR      sltu, 0x0, 0xfffffffffffffffe, 0x3
    RR      sltu, 0x1, 0xaaaaaaaaaaaaaaaa, 0xffffffff80000000
    RR      sltu, 0x0, 0x5555555555555555, 0x3
    RR      sltu, 0x0, 0xffffffff80000000, 0xaaaaaaaaaaaaaaaa
    RR      sltu, 0x1, 0x3b9aca07, 0x8000000080000000
    RR      sltu, 0x1, 0x3b9aca07, 0xaaaaaaaaaaaaaaaa
    RR      sltu, 0x1, 0x2, 0xffffffff80000000
    RR      sltu, 0x0, 0xffff0000ffff0000, 0xaaaaaaaaaaaaaaaa
    RR      sltu, 0x1, 0x7fffffff80000000, 0xaaaaaaaaaaaaaaaa
    RR      sltu, 0x0, 0xffff0000ffff0000, 0x7fffffff
    RR      sltu, 0x0, 0xac0d59c7d4ccb2a2, 0x896f07a10705e64f
    RR      sltu, 0x1, 0x3dc0be79424b518d, 0xd54de069a6216a0d
    RR      sltu, 0x0, 0x34646c18d9225b6e, 0x161929ec2c2ea593
    RR      sltu, 0x1, 0x515fd8f62e57d168, 0x925a84589a8874b5
    RR      sltu, 0x1, 0x2d901e4d66dd2425, 0x2ecf24d5870b0d6d
    RR      sltu, 0x0, 0xe75a78c553e53ddf, 0xb905d5367e7243d8

# The same register twice, and x0
    RR      sltu, 0x0, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      sltu, 0x0, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      sltu, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      sltu, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      sltu, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      sltu, 0x1, 0, 0x3000000fd, rs1=x0
    RR      sltu, 0x0, 0xf123456789abcde7, 0, rs2=x0
    RR      sltu, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      sltu, 0x0, 0x8531ddb8aa60268a, 0x820bb7201c2981, rd=x17, rs1=x7, rs2=x18
    RR      sltu, 0x0, 0xc2f8849599a8eafd, 0xdcc64, rd=x26, rs1=x22, rs2=x10
    RR      sltu, 0x0, 0x9bb457e22427d19c, 0x3c57, rd=x28, rs1=x9, rs2=x23
    RR      sltu, 0x0, 0x9f68495c35275db6, 0x64e9b288, rd=x4, rs1=x1, rs2=x16
    RR      sltu, 0x0, 0xd171e6b006641fc1, 0x535e5, rd=x25, rs1=x21, rs2=x27
    RR      sltu, 0x0, 0xce709f5a438d3032, 0xaa0153d, rd=x2, rs1=x8, rs2=x24
    RR      sltu, 0x0, 0x5ab91b4bba301a3c, 0xb01d92, rd=x15, rs1=x13, rs2=x6
    RR      sltu, 0x0, 0xa027f1bce1787a9e, 0x2d, rd=x29, rs1=x5, rs2=x20

    PASS
