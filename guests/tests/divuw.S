# divuw: unsigned 32-bit quotient, sign-extended.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      divuw, 0xffffffffffffffff, 0x0, 0x0
    RR      divuw, 0x0, 0x0, 0x1
    RR      divuw, 0x0, 0x0, 0xffffffffffffffff
    RR      divuw, 0xffffffffffffffff, 0x0, 0x8000000000000000
    RR      divuw, 0x0, 0x0, 0x7fffffffffffffff
    RR      divuw, 0xffffffffffffffff, 0x1, 0x0
    RR      divuw, 0x1, 0x1, 0x1
    RR      divuw, 0x0, 0x1, 0xffffffffffffffff
    RR      divuw, 0xffffffffffffffff, 0x1, 0x8000000000000000
    RR      divuw, 0x0, 0x1, 0x7fffffffffffffff
    RR      divuw, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      divuw, 0xffffffffffffffff, 0xffffffffffffffff, 0x1
    RR      divuw, 0x1, 0xffffffffffffffff, 0xffffffffffffffff
    RR      divuw, 0xffffffffffffffff, 0xffffffffffffffff, 0x8000000000000000
    RR      divuw, 0x1, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      divuw, 0xffffffffffffffff, 0x8000000000000000, 0x0
    RR      divuw, 0x0, 0x8000000000000000, 0x1
    RR      divuw, 0x0, 0x8000000000000000, 0xffffffffffffffff
    RR      divuw, 0xffffffffffffffff, 0x8000000000000000, 0x8000000000000000
    RR      divuw, 0x0, 0x8000000000000000, 0x7fffffffffffffff
    RR      divuw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x0
    RR      divuw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x1
    RR      divuw, 0x1, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      divuw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000
    RR      divuw, 0x1, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      divuw, 0x7fffffff, 0x7fffffff, 0x1
    RR      divuw, 0x0, 0x80000000, 0xffffffffffffffff
    RR      divuw, 0x0, 0xffffffff80000000, 0xffffffffffffffff
    RR      divuw, 0x3, 0x123456780000000a, 0xabcdef0000000003
    RR      divuw, 0xffffffffffffffff, 0xffffffff, 0x1
    RR      divuw, 0x0, 0x100000000, 0x100000001
    RR      divuw, 0x1, 0x80000000, 0x80000000
    RR      divuw, 0x3, 0x14, 0x6
    RR      divuw, 0x0, 0x14, 0xfffffffffffffffa
    RR      divuw, 0x2aaaaaa7, 0xffffffffffffffec, 0x6
    RR      divuw, 0x0, 0xffffffffffffffec, 0xfffffffffffffffa
    RR      divuw, 0xffffffffffffffff, 0x7, 0x100000000
    RR      divuw, 0x2aaaaaaa, 0x80000000, 0x3
    RR      divuw, 0x19999999, 0xffffffff, 0xa
    RR      divuw, 0x0, 0x3b9aca07, 0xfffffffffffffff6
    RR      divuw, 0x1, 0xffffffff, 0x123456789abcdef
    RR      divuw, 0x0, 0x5555555555555555, 0x7fffffff
    RR      divuw, 0x2, 0x6764b9a871709971, 0x59334e627fb1f97
    RR      divuw, 0x1, 0xc07bf3ffffa875af, 0x772b2681b3012b5e
    RR      divuw, 0x0, 0x5301bbc724733688, 0x8d4140b82ef68ec7
    RR      divuw, 0x4, 0xb627f90e11d8d162, 0x1c300a2903aa9576
    RR      divuw, 0x0, 0xe6c787007b778465, 0x26bbe3c5fea31d92
    RR      divuw, 0x2, 0xad27f8c5dfab9119, 0xa9b1be64cb0dff1

# The same register twice, and x0
    RR      divuw, 0x8b4db7, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      divuw, 0x8b4db7, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      divuw, 0x1, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      divuw, 0x1, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      divuw, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      divuw, 0x0, 0, 0x3000000fd, rs1=x0
    RR      divuw, 0xffffffffffffffff, 0xf123456789abcde7, 0, rs2=x0
    RR      divuw, 0xffffffffffffffff, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      divuw, 0x9c62d6, 0xdf3a1b93e031b1c4, 0x16f, rd=x22, rs1=x17, rs2=x15
    RR      divuw, 0x6aec, 0xad28da302514a8ad, 0x58c8, rd=x26, rs1=x29, rs2=x5
    RR      divuw, 0x2, 0xb2d7f951fd16a144, 0x18670347ab, rd=x8, rs1=x16, rs2=x1
    RR      divuw, 0x335fe, 0xff1be0e85c1ceef9, 0x1cb0, rd=x13, rs1=x6, rs2=x21
    RR      divuw, 0x2, 0x8266cbbc42af3cb9, 0x1d323614, rd=x24, rs1=x25, rs2=x10
    RR      divuw, 0x88ae, 0xe6290ae27d33760f, 0xea80, rd=x27, rs1=x2, rs2=x20
    RR      divuw, 0xa5, 0xf9813e70b32d072, 0x114866, rd=x18, rs1=x23, rs2=x9
    RR      divuw, 0x3, 0xedf65be69910f327, 0xca5606f2c197af5, rd=x7, rs1=x19, rs2=x28

    PASS
