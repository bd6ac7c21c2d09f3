# or: or.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      or, 0x0, 0x0, 0x0
    RR      or, 0x1, 0x0, 0x1
    RR      or, 0xffffffffffffffff, 0x0, 0xffffffffffffffff
    RR      or, 0x8000000000000000, 0x0, 0x8000000000000000
    RR      or, 0x7fffffffffffffff, 0x0, 0x7fffffffffffffff
    RR      or, 0x1, 0x1, 0x0
    RR      or, 0x1, 0x1, 0x1
    RR      or, 0xffffffffffffffff, 0x1, 0xffffffffffffffff
    RR      or, 0x8000000000000001, 0x1, 0x8000000000000000
    RR      or, 0x7fffffffffffffff, 0x1, 0x7fffffffffffffff
    RR      or, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      or, 0xffffffffffffffff, 0xffffffffffffffff, 0x1
    RR      or, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    RR      or, 0xffffffffffffffff, 0xffffffffffffffff, 0x8000000000000000
    RR      or, 0xffffffffffffffff, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      or, 0x8000000000000000, 0x8000000000000000, 0x0
    RR      or, 0x8000000000000001, 0x8000000000000000, 0x1
    RR      or, 0xffffffffffffffff, 0x8000000000000000, 0xffffffffffffffff
    RR      or, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    RR      or, 0xffffffffffffffff, 0x8000000000000000, 0x7fffffffffffffff
    RR      or, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x0
    RR      or, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x1
    RR      or, 0xffffffffffffffff, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      or, 0xffffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000
    RR      or, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      or, 0x55555555ffff5555, 0xffff0000, 0x5555555555555555
    RR      or, 0x123456789abfdef, 0xb505, 0x123456789abcdef
    RR      or, 0x7fffffffffffffff, 0x7fffffff80000000, 0xffffffff
    RR      or, 0x7fffffff, 0x7fffffff, 0x2
    RR      or, 0xfffffffff6543210, 0xfedcba9876543210, 0xffffffff80000000
    RR      or, 0x7fffffffd5555555, 0x7fffffff80000000, 0x5555555555555555
    RR      or, 0x7fffffff80ff00ff, 0xff00ff00ff00ff, 0x7fffffff80000000
    RR      or, 0xffff0003, 0x3, 0xffff0000
    RR      or, 0xfeffbaff76ff32ff, 0xfedcba9876543210, 0xff00ff00ff00ff
    RR      or, 0x800000008000b505, 0xb505, 0x8000000080000000
    RR      or, 0xfedcba98f6543210, 0x80000000, 0xfedcba9876543210
    RR      or, 0x7fffffffbb9aca07, 0x3b9aca07, 0x7fffffff80000000
    RR      or, 0x7fffffff89abcdef, 0x7fffffff80000000, 0x123456789abcdef
    RR      or, 0xfffffffffffffffe, 0x80000000, 0xfffffffffffffffe
    RR      or, 0xfffffffffffffff6, 0x8000000080000000, 0xfffffffffffffff6
    RR      or, 0xffffffffffffffff, 0x7fffffff, 0xfffffffffffffff6
    RR      or, 0x55555555ffffffff, 0x5555555555555555, 0xffffffff
    RR      or, 0xd77fa66fefeffdfe, 0x8735a66bcd60f4ce, 0xd44aa4242fefa976
    RR      or, 0xf5c77cf9bfdffbbf, 0xc1c23cf90bd6f987, 0x75c54c08b51beb3f
    RR      or, 0xbfdf7a7c4bdfbfea, 0x2257305049d9bd62, 0xbd886a6c421e1bea
    RR      or, 0x94ff6ff7fb998cab, 0x947261b543098c29, 0x148f0ec3b890888b
    RR      or, 0xf67cbedff5ffbfff, 0x8418bcd7d1fb9ecf, 0x76641adbf5ec33fc
    RR      or, 0x77e9bdd5bf73ff5e, 0x3c999d5b8018f4c, 0x7660a4910f72f452

# The same register twice, and x0
    RR      or, 0xf123456789abcdff, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      or, 0xf123456789abcdff, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      or, 0xf123456789abcde7, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      or, 0xf123456789abcde7, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      or, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      or, 0x3000000fd, 0, 0x3000000fd, rs1=x0
    RR      or, 0xf123456789abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      or, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      or, 0xa4f21ed8df32bf6f, 0xa4f20e985f328f6f, 0x12c09700382d, rd=x2, rs1=x29, rs2=x19
    RR      or, 0x450127e39df75eff, 0x450127e08d674efb, 0x39d971e84, rd=x8, rs1=x18, rs2=x27
    RR      or, 0x2e3fef7e7fdf775b, 0x2c27c75a179c6743, 0x21ced247edf1119, rd=x16, rs1=x17, rs2=x24
    RR      or, 0x8ec21639ee65e226, 0x8ec21639ee65e202, 0x24, rd=x15, rs1=x20, rs2=x22
    RR      or, 0xce0ecc45ddffef67, 0xce0ecc454d2dca62, 0xdcff6f47, rd=x25, rs1=x5, rs2=x13
    RR      or, 0x76aec9f6bffaaf69, 0x66aec9761eb2ab41, 0x160881d0a9f80429, rd=x6, rs1=x9, rs2=x4
    RR      or, 0x7c583daccf78b6e3, 0x7c583daccf78b2c2, 0x4a3, rd=x10, rs1=x21, rs2=x1
    RR      or, 0xd665475d7431fa3f, 0xd665475d74319a3b, 0x17034, rd=x26, rs1=x23, rs2=x7

    PASS
