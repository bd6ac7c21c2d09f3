# addw: 32-bit sum, sign-extended.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      addw, 0x0, 0x0, 0x0
    RR      addw, 0x1, 0x0, 0x1
    RR      addw, 0xffffffffffffffff, 0x0, 0xffffffffffffffff
    RR      addw, 0x0, 0x0, 0x8000000000000000
    RR      addw, 0xffffffffffffffff, 0x0, 0x7fffffffffffffff
    RR      addw, 0x1, 0x1, 0x0
    RR      addw, 0x2, 0x1, 0x1
    RR      addw, 0x0, 0x1, 0xffffffffffffffff
    RR      addw, 0x1, 0x1, 0x8000000000000000
    RR      addw, 0x0, 0x1, 0x7fffffffffffffff
    RR      addw, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      addw, 0x0, 0xffffffffffffffff, 0x1
    RR      addw, 0xfffffffffffffffe, 0xffffffffffffffff, 0xffffffffffffffff
    RR      addw, 0xffffffffffffffff, 0xffffffffffffffff, 0x8000000000000000
    RR      addw, 0xfffffffffffffffe, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      addw, 0x0, 0x8000000000000000, 0x0
    RR      addw, 0x1, 0x8000000000000000, 0x1
    RR      addw, 0xffffffffffffffff, 0x8000000000000000, 0xffffffffffffffff
    RR      addw, 0x0, 0x8000000000000000, 0x8000000000000000
    RR      addw, 0xffffffffffffffff, 0x8000000000000000, 0x7fffffffffffffff
    RR      addw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x0
    RR      addw, 0x0, 0x7fffffffffffffff, 0x1
    RR      addw, 0xfffffffffffffffe, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      addw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000
    RR      addw, 0xfffffffffffffffe, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      addw, 0xffffffff80000000, 0x7fffffff, 0x1
    RR      addw, 0x7fffffff, 0x80000000, 0xffffffffffffffff
    RR      addw, 0x7fffffff, 0xffffffff80000000, 0xffffffffffffffff
    RR      addw, 0xd, 0x123456780000000a, 0xabcdef0000000003
    RR      addw, 0x0, 0xffffffff, 0x1
    RR      addw, 0x1, 0x100000000, 0x100000001
    RR      addw, 0x0, 0x80000000, 0x80000000
    RR      addw, 0xffffffffbb9aca07, 0x3b9aca07, 0x7fffffff80000000
    RR      addw, 0xffffffffffffffff, 0x80000000, 0x7fffffff
    RR      addw, 0x7fffffff, 0x100000000, 0x7fffffff
    RR      addw, 0x7fffffff, 0x7fffffff, 0x100000000
    RR      addw, 0x5, 0x2, 0x3
    RR      addw, 0x7fffffff, 0xffffffff, 0x80000000
    RR      addw, 0x7ffffff6, 0xfffffffffffffff6, 0x8000000080000000
    RR      addw, 0x9abcdef, 0x7fffffff80000000, 0x123456789abcdef
    RR      addw, 0xfffffffff6543210, 0xfedcba9876543210, 0xffffffff80000000
    RR      addw, 0xffffffffd5555555, 0x5555555555555555, 0xffffffff80000000
    RR      addw, 0x71c1c5a, 0x44727848cb1d9a0e, 0xad6bf0243bfe824c
    RR      addw, 0xffffffffa5ee2cf4, 0x44b3e8d9c3a71965, 0x1f1bc7bce247138f
    RR      addw, 0x192862e8, 0x705d141015a7f36, 0x36662f4017cde3b2
    RR      addw, 0xffffffffae492785, 0xe7e52091ccbbf2c2, 0xb94c9e18d34c3
    RR      addw, 0x59107368, 0x7c1291947b91d1dc, 0xf052d155dd7ea18c
    RR      addw, 0x2dba8f72, 0x91c4dad9853348f5, 0xc3dcbcc1a887467d

# The same register twice, and x0
    RR      addw, 0xffffffff89abcee4, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      addw, 0xffffffff89abcee4, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      addw, 0x13579bce, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      addw, 0x13579bce, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      addw, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      addw, 0xfd, 0, 0x3000000fd, rs1=x0
    RR      addw, 0xffffffff89abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      addw, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      addw, 0x4f0ca3e8, 0xe57fb800488495e5, 0x6880e03, rd=x2, rs1=x23, rs2=x28
    RR      addw, 0xffffffff92bd5746, 0x5b3a4f70791ada48, 0x5e7ae8c19a27cfe, rd=x20, rs1=x19, rs2=x15
    RR      addw, 0xfffffffff879d532, 0xc61c041e98ef9c1f, 0x6f8b5f8a3913, rd=x24, rs1=x6, rs2=x4
    RR      addw, 0xb0eeb60, 0x52c47c49f1b82b38, 0x71956c028, rd=x27, rs1=x5, rs2=x8
    RR      addw, 0xffffffffdfca4663, 0x4dd6ee17dfc8fd3d, 0x14926, rd=x26, rs1=x17, rs2=x13
    RR      addw, 0x350c9943, 0xdc7d2ff654e9082b, 0x36cef9bee0239118, rd=x25, rs1=x7, rs2=x29
    RR      addw, 0xffffffff9a40ebdc, 0x17af5f649a40ebc0, 0x1c, rd=x9, rs1=x18, rs2=x1
    RR      addw, 0xffffffff9e420fc2, 0xc6a6666b67e64028, 0x1e87155b365bcf9a, rd=x16, rs1=x22, rs2=x10

    PASS
