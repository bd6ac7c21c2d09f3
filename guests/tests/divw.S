# divw: signed 32-bit quotient, sign-extended.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      divw, 0xffffffffffffffff, 0x0, 0x0
    RR      divw, 0x0, 0x0, 0x1
    RR      divw, 0x0, 0x0, 0xffffffffffffffff
    RR      divw, 0xffffffffffffffff, 0x0, 0x8000000000000000
    RR      divw, 0x0, 0x0, 0x7fffffffffffffff
    RR      divw, 0xffffffffffffffff, 0x1, 0x0
    RR      divw, 0x1, 0x1, 0x1
    RR      divw, 0xffffffffffffffff, 0x1, 0xffffffffffffffff
    RR      divw, 0xffffffffffffffff, 0x1, 0x8000000000000000
    RR      divw, 0xffffffffffffffff, 0x1, 0x7fffffffffffffff
    RR      divw, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      divw, 0xffffffffffffffff, 0xffffffffffffffff, 0x1
    RR      divw, 0x1, 0xffffffffffffffff, 0xffffffffffffffff
    RR      divw, 0xffffffffffffffff, 0xffffffffffffffff, 0x8000000000000000
    RR      divw, 0x1, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      divw, 0xffffffffffffffff, 0x8000000000000000, 0x0
    RR      divw, 0x0, 0x8000000000000000, 0x1
    RR      divw, 0x0, 0x8000000000000000, 0xffffffffffffffff
    RR      divw, 0xffffffffffffffff, 0x8000000000000000, 0x8000000000000000
    RR      divw, 0x0, 0x8000000000000000, 0x7fffffffffffffff
    RR      divw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x0
    RR      divw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x1
    RR      divw, 0x1, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      divw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000
    RR      divw, 0x1, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      divw, 0x7fffffff, 0x7fffffff, 0x1
    RR      divw, 0xffffffff80000000, 0x80000000, 0xffffffffffffffff
    RR      divw, 0xffffffff80000000, 0xffffffff80000000, 0xffffffffffffffff
    RR      divw, 0x3, 0x123456780000000a, 0xabcdef0000000003
    RR      divw, 0xffffffffffffffff, 0xffffffff, 0x1
    RR      divw, 0x0, 0x100000000, 0x100000001
    RR      divw, 0x1, 0x80000000, 0x80000000
    RR      divw, 0x3, 0x14, 0x6
    RR      divw, 0xfffffffffffffffd, 0x14, 0xfffffffffffffffa
    RR      divw, 0xfffffffffffffffd, 0xffffffffffffffec, 0x6
    RR      divw, 0x3, 0xffffffffffffffec, 0xfffffffffffffffa
    RR      divw, 0xffffffffffffffff, 0x7, 0x100000000
    RR      divw, 0xffffffffd5555556, 0x80000000, 0x3
    RR      divw, 0x0, 0xffffffff, 0xa
    RR      divw, 0xfffffffffa0a1f00, 0x3b9aca07, 0xfffffffffffffff6
    RR      divw, 0xffffffff89abcdf0, 0xfedcba9876543210, 0xffffffff
    RR      divw, 0x0, 0x3, 0xffff0000ffff0000
    RR      divw, 0x0, 0x10ed05ed199f2fbc, 0xb2a69cda7b287a1
    RR      divw, 0x0, 0xb0a10e97294dd037, 0xfb521c7756119980
    RR      divw, 0x1c, 0xcc28b2405adc091a, 0x9f7777cb032f6cac
    RR      divw, 0x0, 0xc6706b0b25266c38, 0x7e5a322a8b9a254e
    RR      divw, 0x0, 0x37033bdbf425bff6, 0xa5a0dc9f97f0a589
    RR      divw, 0x3, 0x1c058bed5a8f6ea1, 0x3d25c26c1933617d

# The same register twice, and x0
    RR      divw, 0xffffffffff88449c, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      divw, 0xffffffffff88449c, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      divw, 0x1, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      divw, 0x1, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      divw, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      divw, 0x0, 0, 0x3000000fd, rs1=x0
    RR      divw, 0xffffffffffffffff, 0xf123456789abcde7, 0, rs2=x0
    RR      divw, 0xffffffffffffffff, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      divw, 0x0, 0xfe38dad366aa71d2, 0x2a73c16f4add77, rd=x21, rs1=x28, rs2=x8
    RR      divw, 0xffffffffffffe753, 0x5dedcbe7e90a2417, 0xee2d, rd=x4, rs1=x2, rs2=x23
    RR      divw, 0xffffffffffba3fe3, 0x69540a1ba54519b6, 0x14d, rd=x6, rs1=x9, rs2=x27
    RR      divw, 0x0, 0x3e6eae5f4350394a, 0x246a078dfccbc, rd=x26, rs1=x1, rs2=x16
    RR      divw, 0xfffffffffffffffb, 0xe9631f15773cd381, 0xad29673eb25b079, rd=x17, rs1=x19, rs2=x5
    RR      divw, 0x1, 0x1b38bc2951058ab4, 0x1e2ddb333395c48, rd=x13, rs1=x22, rs2=x18
    RR      divw, 0xfffffffffffffff6, 0xc7368fb459315800, 0xad3cf7716b3a, rd=x24, rs1=x10, rs2=x15
    RR      divw, 0x4, 0x96044c8f16f7ab25, 0x705a3858b, rd=x7, rs1=x25, rs2=x20

    PASS
