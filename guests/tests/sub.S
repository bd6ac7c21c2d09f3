# sub: 64-bit difference.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      sub, 0x0, 0x0, 0x0
    RR      sub, 0xffffffffffffffff, 0x0, 0x1
    RR      sub, 0x1, 0x0, 0xffffffffffffffff
    RR      sub, 0x8000000000000000, 0x0, 0x8000000000000000
    RR      sub, 0x8000000000000001, 0x0, 0x7fffffffffffffff
    RR      sub, 0x1, 0x1, 0x0
    RR      sub, 0x0, 0x1, 0x1
    RR      sub, 0x2, 0x1, 0xffffffffffffffff
    RR      sub, 0x8000000000000001, 0x1, 0x8000000000000000
    RR      sub, 0x8000000000000002, 0x1, 0x7fffffffffffffff
    RR      sub, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      sub, 0xfffffffffffffffe, 0xffffffffffffffff, 0x1
    RR      sub, 0x0, 0xffffffffffffffff, 0xffffffffffffffff
    RR      sub, 0x7fffffffffffffff, 0xffffffffffffffff, 0x8000000000000000
    RR      sub, 0x8000000000000000, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      sub, 0x8000000000000000, 0x8000000000000000, 0x0
    RR      sub, 0x7fffffffffffffff, 0x8000000000000000, 0x1
    RR      sub, 0x8000000000000001, 0x8000000000000000, 0xffffffffffffffff
    RR      sub, 0x0, 0x8000000000000000, 0x8000000000000000
    RR      sub, 0x1, 0x8000000000000000, 0x7fffffffffffffff
    RR      sub, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x0
    RR      sub, 0x7ffffffffffffffe, 0x7fffffffffffffff, 0x1
    RR      sub, 0x8000000000000000, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      sub, 0xffffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000
    RR      sub, 0x0, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      sub, 0xffff0000fffefffe, 0xffff0000ffff0000, 0x2
    RR      sub, 0xff00ff017f00ff00, 0x7fffffff, 0xff00ff00ff00ff
    RR      sub, 0x2aaaaaaa2aaaaaab, 0x7fffffff80000000, 0x5555555555555555
    RR      sub, 0xfffeffffffff0000, 0xffff0000ffff0000, 0x100000000
    RR      sub, 0x123456789abcdf2, 0x2, 0xfedcba9876543210
    RR      sub, 0xffff00010003, 0x3, 0xffff0000ffff0000
    RR      sub, 0x446535f8, 0x7fffffff, 0x3b9aca07
    RR      sub, 0x5555555555555552, 0x5555555555555555, 0x3
    RR      sub, 0xffffffff00000002, 0x2, 0x100000000
    RR      sub, 0xffdbbb9777533310, 0xff00ff00ff00ff, 0x123456789abcdef
    RR      sub, 0xfedcba9876543212, 0xfedcba9876543210, 0xfffffffffffffffe
    RR      sub, 0xfffffffefffffffe, 0xfffffffffffffffe, 0x100000000
    RR      sub, 0xa9aba9aba9aba9ab, 0xaaaaaaaaaaaaaaaa, 0xff00ff00ff00ff
    RR      sub, 0x800000017fffffff, 0xffffffff, 0x7fffffff80000000
    RR      sub, 0xffffffff00000003, 0x2, 0xffffffff
    RR      sub, 0xd5555554d5555556, 0x7fffffff80000000, 0xaaaaaaaaaaaaaaaa
    RR      sub, 0xffffffffffffffff, 0xffffffff, 0x100000000
    RR      sub, 0xd9a003898d18ad23, 0xced9ebd7f99f54b0, 0xf539e84e6c86a78d
    RR      sub, 0x72a75a160df80466, 0x9f64abeb0f283ed, 0x974ef0a8a2fa7f87
    RR      sub, 0x4ebfaf43dafb3711, 0x8b08b3f8b2a9258, 0xb9f0dbfbb02f5b47
    RR      sub, 0x6b49d50e6db03216, 0x148a12aaaa8e0cd8, 0xa9403d9c3cdddac2
    RR      sub, 0xc2813d64f73a7537, 0xc6f246d89cee73d7, 0x4710973a5b3fea0
    RR      sub, 0xc244a6039a493991, 0xbedc8fd890da66c5, 0xfc97e9d4f6912d34

# The same register twice, and x0
    RR      sub, 0xf123456489abccea, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      sub, 0xf123456489abccea, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      sub, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      sub, 0x0, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      sub, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      sub, 0xfffffffcffffff03, 0, 0x3000000fd, rs1=x0
    RR      sub, 0xf123456789abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      sub, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      sub, 0x48cc0b509a602cb1, 0x48cc0b509a6c2402, 0xbf751, rd=x26, rs1=x13, rs2=x4
    RR      sub, 0x836c7798f61b8fb7, 0x836c887c6aac18b5, 0x10e3749088fe, rd=x25, rs1=x21, rs2=x10
    RR      sub, 0x429b91b623dc6e24, 0x429b920fe416b15d, 0x59c03a4339, rd=x28, rs1=x6, rs2=x23
    RR      sub, 0x3fa0770e61d04d00, 0x3fa0770e61d04e51, 0x151, rd=x18, rs1=x1, rs2=x7
    RR      sub, 0x505eb6032c760947, 0x505eb6032ce7e670, 0x71dd29, rd=x15, rs1=x5, rs2=x17
    RR      sub, 0xd1290e0a964ee90a, 0xd16cbcbc794c2d77, 0x43aeb1e2fd446d, rd=x9, rs1=x22, rs2=x24
    RR      sub, 0x357888d59dd90641, 0x3578ba5b9e4f3ed7, 0x318600763896, rd=x16, rs1=x29, rs2=x19
    RR      sub, 0x137ea82197c218b7, 0x160cf607724652e9, 0x28e4de5da843a32, rd=x8, rs1=x20, rs2=x27

    PASS
