# andi: and with an immediate.
    .include "test.inc"

    START

# Values: expected, a, immediate
    RI      andi, 0x0, 0x0, 0
    RI      andi, 0x0, 0x0, 1
    RI      andi, 0x0, 0x0, -1
    RI      andi, 0x0, 0x0, 2047
    RI      andi, 0x0, 0x0, -2048
    RI      andi, 0x0, 0x1, 0
    RI      andi, 0x1, 0x1, 1
    RI      andi, 0x1, 0x1, -1
    RI      andi, 0x1, 0x1, 2047
    RI      andi, 0x0, 0x1, -2048
    RI      andi, 0x0, 0xffffffffffffffff, 0
    RI      andi, 0x1, 0xffffffffffffffff, 1
    RI      andi, 0xffffffffffffffff, 0xffffffffffffffff, -1
    RI      andi, 0x7ff, 0xffffffffffffffff, 2047
    RI      andi, 0xfffffffffffff800, 0xffffffffffffffff, -2048
    RI      andi, 0x0, 0x8000000000000000, 0
    RI      andi, 0x0, 0x8000000000000000, 1
    RI      andi, 0x8000000000000000, 0x8000000000000000, -1
    RI      andi, 0x0, 0x8000000000000000, 2047
    RI      andi, 0x8000000000000000, 0x8000000000000000, -2048
    RI      andi, 0x0, 0x7fffffffffffffff, 0
    RI      andi, 0x1, 0x7fffffffffffffff, 1
    RI      andi, 0x7fffffffffffffff, 0x7fffffffffffffff, -1
    RI      andi, 0x7ff, 0x7fffffffffffffff, 2047
    RI      andi, 0x7ffffffffffff800, 0x7fffffffffffffff, -2048
    RI      andi, 0xfffffffffffffff2, 0xfffffffffffffff6, -5
    RI      andi, 0x64, 0xffffffff, 100
    RI      andi, 0x5, 0xf43b2e7730bfc52d, 5
    RI      andi, 0x5555555555555000, 0x5555555555555555, -2048
    RI      andi, 0x3b9aca02, 0x3b9aca07, -1366
    RI      andi, 0x0, 0x8000000080000000, 1
    RI      andi, 0x0, 0xfedcba9876543210, 0
    RI      andi, 0x0, 0xaaaaaaaaaaaaaaaa, 1365
    RI      andi, 0x7f6, 0xfffffffffffffff6, 2047
    RI      andi, 0x0, 0xffffffff80000000, 5
    RI      andi, 0xffffffffffffff94, 0xfffffffffffffff6, -100
    RI      andi, 0x0, 0x100000000, 2047
    RI      andi, 0x0, 0xe3b143f9b61a02b7, 0
    RI      andi, 0x0, 0x86d869a2dcb42ff1, 0
    RI      andi, 0x2, 0x7fffffff, 2
    RI      andi, 0x2, 0x2, 2
    RI      andi, 0x1, 0x3, 1365
    RI      andi, 0x554, 0xfffffffffffffffe, 1365
    RI      andi, 0x0, 0xfffffffffffffff6, 1
    RI      andi, 0xaaaaaaaaaaaaaaaa, 0xaaaaaaaaaaaaaaaa, -1366
    RI      andi, 0x0, 0xffff0000, 1
    RI      andi, 0x5, 0x5, 5
    RI      andi, 0xfffffffffffffffb, 0xfffffffffffffffb, -5
    RI      andi, 0x1, 0x7fffffff, 1
    RI      andi, 0x1, 0xffffffff, 1

# The same register twice, and x0
    RI      andi, 0xf123456789abccc5, 0xf123456789abcde7, -291, rd=x11
    RI      andi, 0, 0xf123456789abcde7, -291, rd=x0
    RI      andi, 0x0, 0, -291, rs1=x0

# Other registers
    RI      andi, 0x340, 0x1451e8b657c1757, 840, rd=x8, rs1=x13
    RI      andi, 0x640, 0xd786746e413626cd, 1650, rd=x17, rs1=x27
    RI      andi, 0x4500b6e2fc125100, 0x4500b6e2fc125780, -1790, rd=x4, rs1=x25
    RI      andi, 0x282490ac6d6082a2, 0x282490ac6d6083ef, -334, rd=x1, rs1=x5
    RI      andi, 0x260, 0xf6e83e296b118268, 755, rd=x21, rs1=x20
    RI      andi, 0x290, 0xf78f3ae1eff72e98, 721, rd=x9, rs1=x6
    RI      andi, 0xf3de9b37f4327a81, 0xf3de9b37f4327aa9, -1343, rd=x28, rs1=x24
    RI      andi, 0x9d04f0a15f325900, 0x9d04f0a15f3259b0, -1779, rd=x23, rs1=x2

    PASS
