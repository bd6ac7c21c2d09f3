# xor: exclusive or.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      xor, 0x0, 0x0, 0x0
    RR      xor, 0x1, 0x0, 0x1
    RR      xor, 0xffffffffffffffff, 0x0, 0xffffffffffffffff
    RR      xor, 0x8000000000000000, 0x0, 0x8000000000000000
    RR      xor, 0x7fffffffffffffff, 0x0, 0x7fffffffffffffff
    RR      xor, 0x1, 0x1, 0x0
    RR      xor, 0x0, 0x1, 0x1
    RR      xor, 0xfffffffffffffffe, 0x1, 0xffffffffffffffff
    RR      xor, 0x8000000000000001, 0x1, 0x8000000000000000
    RR      xor, 0x7ffffffffffffffe, 0x1, 0x7fffffffffffffff
    RR      xor, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      xor, 0xfffffffffffffffe, 0xffffffffffffffff, 0x1
    RR      xor, 0x0, 0xffffffffffffffff, 0xffffffffffffffff
    RR      xor, 0x7fffffffffffffff, 0xffffffffffffffff, 0x8000000000000000
    RR      xor, 0x8000000000000000, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      xor, 0x8000000000000000, 0x8000000000000000, 0x0
    RR      xor, 0x8000000000000001, 0x8000000000000000, 0x1
    RR      xor, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff
    RR      xor, 0x0, 0x8000000000000000, 0x8000000000000000
    RR      xor, 0xffffffffffffffff, 0x8000000000000000, 0x7fffffffffffffff
    RR      xor, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x0
    RR      xor, 0x7ffffffffffffffe, 0x7fffffffffffffff, 0x1
    RR      xor, 0x8000000000000000, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      xor, 0xffffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000
    RR      xor, 0x0, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      xor, 0x7fffffff7ffffffe, 0x8000000080000000, 0xfffffffffffffffe
    RR      xor, 0xffffffffc46535f9, 0xfffffffffffffffe, 0x3b9aca07
    RR      xor, 0xffff0000fffe, 0xffff0000ffff0000, 0xfffffffffffffffe
    RR      xor, 0x0, 0x7fffffff, 0x7fffffff
    RR      xor, 0xaaaaaaaa2aaaaaaa, 0x80000000, 0xaaaaaaaaaaaaaaaa
    RR      xor, 0xd5555555d5555555, 0x8000000080000000, 0x5555555555555555
    RR      xor, 0x1234567b23107e8, 0x123456789abcdef, 0x3b9aca07
    RR      xor, 0xffff0000ffff0002, 0xffff0000ffff0000, 0x2
    RR      xor, 0x123456689abcdef, 0x123456789abcdef, 0x100000000
    RR      xor, 0x13b9aca07, 0x3b9aca07, 0x100000000
    RR      xor, 0x80000000, 0x7fffffff, 0xffffffff
    RR      xor, 0xffffffff7ffffff6, 0xfffffffffffffff6, 0x80000000
    RR      xor, 0x0, 0x123456789abcdef, 0x123456789abcdef
    RR      xor, 0x7edcba9809abcdef, 0x7fffffff80000000, 0x123456789abcdef
    RR      xor, 0x2aaaaaaa2aaaaaaa, 0xaaaaaaaaaaaaaaaa, 0x8000000080000000
    RR      xor, 0xffffffff7fff0000, 0xffffffff80000000, 0xffff0000
    RR      xor, 0xab89efcd23016745, 0x5555555555555555, 0xfedcba9876543210
    RR      xor, 0xf2bddc94ddb14704, 0x16175cc24b54ab0f, 0xe4aa805696e5ec0b
    RR      xor, 0x97d2b89dc3481862, 0x8928b095ad46273b, 0x1efa08086e0e3f59
    RR      xor, 0x9f7acbfb51aff120, 0x8794021adb2392b8, 0x18eec9e18a8c6398
    RR      xor, 0x9205bb13915c3fb1, 0xedc0a7818a1fa1b4, 0x7fc51c921b439e05
    RR      xor, 0x89cedbec91a7e875, 0x26a36e078a874157, 0xaf6db5eb1b20a922
    RR      xor, 0x499b1ffa6b3d00f9, 0xc5305ecbf585a7dc, 0x8cab41319eb8a725

# The same register twice, and x0
    RR      xor, 0xf123456489abcd1a, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      xor, 0xf123456489abcd1a, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      xor, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      xor, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      xor, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      xor, 0x3000000fd, 0, 0x3000000fd, rs1=x0
    RR      xor, 0xf123456789abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      xor, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      xor, 0xd5f5dca371dd0aba, 0xd5f5dca3709b6b12, 0x14661a8, rd=x21, rs1=x15, rs2=x13
    RR      xor, 0x3125101db44f4a55, 0x3125101db44f4a0f, 0x5a, rd=x1, rs1=x26, rs2=x28
    RR      xor, 0x1733b1b350751d4e, 0x3473195426452fb1, 0x2340a8e7763032ff, rd=x8, rs1=x4, rs2=x25
    RR      xor, 0x550535c1abd64409, 0x707705634d29366f, 0x257230a2e6ff7266, rd=x17, rs1=x27, rs2=x18
    RR      xor, 0x8f503bc822903e62, 0x39b732efccafc18, 0x8ccb48e6de5ac27a, rd=x6, rs1=x23, rs2=x29
    RR      xor, 0xb2c501bc9238a8f7, 0xb2c501bc9238acf4, 0x403, rd=x2, rs1=x24, rs2=x20
    RR      xor, 0x8d5727f89a47d3fa, 0x8d5727f89a47d088, 0x372, rd=x10, rs1=x5, rs2=x9
    RR      xor, 0xfb5048cb4884e166, 0xe286f663a962e8e8, 0x19d6bea8e1e6098e, rd=x22, rs1=x19, rs2=x16

    PASS
