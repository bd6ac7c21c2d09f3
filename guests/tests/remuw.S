# remuw: unsigned 32-bit remainder, sign-extended.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      remuw, 0x0, 0x0, 0x0
    RR      remuw, 0x0, 0x0, 0x1
    RR      remuw, 0x0, 0x0, 0xffffffffffffffff
    RR      remuw, 0x0, 0x0, 0x8000000000000000
    RR      remuw, 0x0, 0x0, 0x7fffffffffffffff
    RR      remuw, 0x1, 0x1, 0x0
    RR      remuw, 0x0, 0x1, 0x1
    RR      remuw, 0x1, 0x1, 0xffffffffffffffff
    RR      remuw, 0x1, 0x1, 0x8000000000000000
    RR      remuw, 0x1, 0x1, 0x7fffffffffffffff
    RR      remuw, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      remuw, 0x0, 0xffffffffffffffff, 0x1
    RR      remuw, 0x0, 0xffffffffffffffff, 0xffffffffffffffff
    RR      remuw, 0xffffffffffffffff, 0xffffffffffffffff, 0x8000000000000000
    RR      remuw, 0x0, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      remuw, 0x0, 0x8000000000000000, 0x0
    RR      remuw, 0x0, 0x8000000000000000, 0x1
    RR      remuw, 0x0, 0x8000000000000000, 0xffffffffffffffff
    RR      remuw, 0x0, 0x8000000000000000, 0x8000000000000000
    RR      remuw, 0x0, 0x8000000000000000, 0x7fffffffffffffff
    RR      remuw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x0
    RR      remuw, 0x0, 0x7fffffffffffffff, 0x1
    RR      remuw, 0x0, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      remuw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000
    RR      remuw, 0x0, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      remuw, 0x0, 0x7fffffff, 0x1
    RR      remuw, 0xffffffff80000000, 0x80000000, 0xffffffffffffffff
    RR      remuw, 0xffffffff80000000, 0xffffffff80000000, 0xffffffffffffffff
    RR      remuw, 0x1, 0x123456780000000a, 0xabcdef0000000003
    RR      remuw, 0x0, 0xffffffff, 0x1
    RR      remuw, 0x0, 0x100000000, 0x100000001
    RR      remuw, 0x0, 0x80000000, 0x80000000
    RR      remuw, 0x2, 0x14, 0x6
    RR      remuw, 0x14, 0x14, 0xfffffffffffffffa
    RR      remuw, 0x2, 0xffffffffffffffec, 0x6
    RR      remuw, 0xffffffffffffffec, 0xffffffffffffffec, 0xfffffffffffffffa
    RR      remuw, 0x7, 0x7, 0x100000000
    RR      remuw, 0x2, 0x80000000, 0x3
    RR      remuw, 0x5, 0xffffffff, 0xa
    RR      remuw, 0x3b9aca07, 0x3b9aca07, 0xfffffffffffffff6
    RR      remuw, 0x55545556, 0xffff0000, 0x5555555555555555
    RR      remuw, 0xb505, 0xb505, 0xffffffff80000000
    RR      remuw, 0x1065fc65, 0x84fd17feed3299aa, 0xd894c63910fc0c19
    RR      remuw, 0x1a88734b, 0x2945d2405e1f6044, 0x545cd7f04396ecf9
    RR      remuw, 0x2a9852a8, 0x7b3f1e2e6176f9be, 0x796bf8bf36dea716
    RR      remuw, 0x6a053678, 0x26ae6c5be895e60b, 0x97a04c3a7e90af93
    RR      remuw, 0x493f7fe9, 0x76c897fc5f56cc2, 0x15c335c57cb5ecd9
    RR      remuw, 0x7a378af2, 0x54cf181b7a378af2, 0x3476f597dd2c1dec

# The same register twice, and x0
    RR      remuw, 0xc, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      remuw, 0xc, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      remuw, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      remuw, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      remuw, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      remuw, 0x0, 0, 0x3000000fd, rs1=x0
    RR      remuw, 0xffffffff89abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      remuw, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      remuw, 0x135097a4, 0x6c3a6740135097a4, 0x494051976cdd, rd=x7, rs1=x6, rs2=x25
    RR      remuw, 0x5356cb, 0xd6d2acd2e57d5e0, 0x12e1063, rd=x19, rs1=x20, rs2=x10
    RR      remuw, 0x2ae7, 0x1bc73e28df6422f6, 0x775ff, rd=x15, rs1=x4, rs2=x22
    RR      remuw, 0x14, 0xfad5a38c1127705c, 0x36, rd=x29, rs1=x9, rs2=x13
    RR      remuw, 0x26b9c3d, 0xc7b154ea9ddafc65, 0x1a026dbd80a, rd=x23, rs1=x21, rs2=x16
    RR      remuw, 0x61cc4, 0x56e3897d022a0ccc, 0x79c39, rd=x26, rs1=x5, rs2=x27
    RR      remuw, 0x594193d, 0x74a8f3d597f9cb10, 0x337814e9f4d5, rd=x17, rs1=x28, rs2=x18
    RR      remuw, 0x7808c583, 0x1e5f88d37808c583, 0x1dd1c62fdc, rd=x2, rs1=x1, rs2=x8

    PASS
