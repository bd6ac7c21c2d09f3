# add: 64-bit sum.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      add, 0x0, 0x0, 0x0
    RR      add, 0x1, 0x0, 0x1
    RR      add, 0xffffffffffffffff, 0x0, 0xffffffffffffffff
    RR      add, 0x8000000000000000, 0x0, 0x8000000000000000
    RR      add, 0x7fffffffffffffff, 0x0, 0x7fffffffffffffff
    RR      add, 0x1, 0x1, 0x0
    RR      add, 0x2, 0x1, 0x1
    RR      add, 0x0, 0x1, 0xffffffffffffffff
    RR      add, 0x8000000000000001, 0x1, 0x8000000000000000
    RR      add, 0x8000000000000000, 0x1, 0x7fffffffffffffff
    RR      add, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      add, 0x0, 0xffffffffffffffff, 0x1
    RR      add, 0xfffffffffffffffe, 0xffffffffffffffff, 0xffffffffffffffff
    RR      add, 0x7fffffffffffffff, 0xffffffffffffffff, 0x8000000000000000
    RR      add, 0x7ffffffffffffffe, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      add, 0x8000000000000000, 0x8000000000000000, 0x0
    RR      add, 0x8000000000000001, 0x8000000000000000, 0x1
    RR      add, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff
    RR      add, 0x0, 0x8000000000000000, 0x8000000000000000
    RR      add, 0xffffffffffffffff, 0x8000000000000000, 0x7fffffffffffffff
    RR      add, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x0
    RR      add, 0x8000000000000000, 0x7fffffffffffffff, 0x1
    RR      add, 0x7ffffffffffffffe, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      add, 0xffffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000
    RR      add, 0xfffffffffffffffe, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      add, 0xaaaaaaabaaaaaaa9, 0xaaaaaaaaaaaaaaaa, 0xffffffff
    RR      add, 0x7fffffffbb9aca07, 0x3b9aca07, 0x7fffffff80000000
    RR      add, 0x7fff0000, 0xffffffff80000000, 0xffff0000
    RR      add, 0x8000000000000000, 0x80000000, 0x7fffffff80000000
    RR      add, 0x1fffeffff, 0xffffffff, 0xffff0000
    RR      add, 0x17fff0000, 0xffff0000, 0x80000000
    RR      add, 0x8123456809abcdef, 0x8000000080000000, 0x123456789abcdef
    RR      add, 0xfedcba98f654320f, 0xfedcba9876543210, 0x7fffffff
    RR      add, 0x55555555d5555555, 0x5555555555555555, 0x80000000
    RR      add, 0xffff00007fff0000, 0xffffffff80000000, 0xffff0000ffff0000
    RR      add, 0xa987654320fedcba, 0xfedcba9876543210, 0xaaaaaaaaaaaaaaaa
    RR      add, 0xff00ff00ff0102, 0xff00ff00ff00ff, 0x3
    RR      add, 0x5654565456545654, 0x5555555555555555, 0xff00ff00ff00ff
    RR      add, 0x5554555655545555, 0x5555555555555555, 0xffff0000ffff0000
    RR      add, 0x123456889aacdef, 0x123456789abcdef, 0xffff0000
    RR      add, 0xfffffff5, 0xfffffffffffffff6, 0xffffffff
    RR      add, 0xff00ff3c99cb06, 0xff00ff00ff00ff, 0x3b9aca07
    RR      add, 0x913c302c73a5a0d6, 0xc0748f4fac77c68f, 0xd0c7a0dcc72dda47
    RR      add, 0x188d51c12442e6a5, 0x7f920fe07030d918, 0x98fb41e0b4120d8d
    RR      add, 0x82119f59e95c1ec, 0xe1600b0d734ba8c4, 0x26c10ee82b4a1928
    RR      add, 0x6e5897ca21d01b36, 0x1ca5a1e02d86c3fa, 0x51b2f5e9f449573c
    RR      add, 0x3a08a86e467b692e, 0xa4cb7e5833dbaf58, 0x953d2a16129fb9d6
    RR      add, 0xe1b9831bc6b8a415, 0xfd47f1e15a6393cf, 0xe471913a6c551046

# The same register twice, and x0
    RR      add, 0xf123456a89abcee4, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      add, 0xf123456a89abcee4, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      add, 0xe2468acf13579bce, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      add, 0xe2468acf13579bce, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      add, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      add, 0x3000000fd, 0, 0x3000000fd, rs1=x0
    RR      add, 0xf123456789abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      add, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      add, 0x87fb772397633377, 0x87fb77239762c907, 0x6a70, rd=x18, rs1=x22, rs2=x15
    RR      add, 0x3dd2db9b091d27ab, 0x3dd1e937ab5c8ebd, 0xf2635dc098ee, rd=x4, rs1=x13, rs2=x24
    RR      add, 0xd68755be012e92bb, 0xd68755be01150feb, 0x1982d0, rd=x26, rs1=x25, rs2=x10
    RR      add, 0xa2500eb633d586e3, 0xa2500e7735283220, 0x3efead54c3, rd=x8, rs1=x19, rs2=x27
    RR      add, 0x6e350d569f6813aa, 0x63a241724f85e8a7, 0xa92cbe44fe22b03, rd=x20, rs1=x2, rs2=x21
    RR      add, 0x88e748878e684244, 0x88e3bec6dc89e53a, 0x389c0b1de5d0a, rd=x1, rs1=x29, rs2=x5
    RR      add, 0xdd3cfd8fafc03975, 0xdd3cfd85093ce261, 0xaa6835714, rd=x9, rs1=x28, rs2=x6
    RR      add, 0x3ada3361b722c1e3, 0x3ada3210e46c2b3f, 0x150d2b696a4, rd=x16, rs1=x23, rs2=x17

    PASS
