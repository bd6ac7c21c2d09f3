# divu: unsigned quotient; by 0: all ones.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      divu, 0xffffffffffffffff, 0x0, 0x0
    RR      divu, 0x0, 0x0, 0x1
    RR      divu, 0x0, 0x0, 0xffffffffffffffff
    RR      divu, 0x0, 0x0, 0x8000000000000000
    RR      divu, 0x0, 0x0, 0x7fffffffffffffff
    RR      divu, 0xffffffffffffffff, 0x1, 0x0
    RR      divu, 0x1, 0x1, 0x1
    RR      divu, 0x0, 0x1, 0xffffffffffffffff
    RR      divu, 0x0, 0x1, 0x8000000000000000
    RR      divu, 0x0, 0x1, 0x7fffffffffffffff
    RR      divu, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      divu, 0xffffffffffffffff, 0xffffffffffffffff, 0x1
    RR      divu, 0x1, 0xffffffffffffffff, 0xffffffffffffffff
    RR      divu, 0x1, 0xffffffffffffffff, 0x8000000000000000
    RR      divu, 0x2, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      divu, 0xffffffffffffffff, 0x8000000000000000, 0x0
    RR      divu, 0x8000000000000000, 0x8000000000000000, 0x1
    RR      divu, 0x0, 0x8000000000000000, 0xffffffffffffffff
    RR      divu, 0x1, 0x8000000000000000, 0x8000000000000000
    RR      divu, 0x1, 0x8000000000000000, 0x7fffffffffffffff
    RR      divu, 0xffffffffffffffff, 0x7fffffffffffffff, 0x0
    RR      divu, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x1
    RR      divu, 0x0, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      divu, 0x0, 0x7fffffffffffffff, 0x8000000000000000
    RR      divu, 0x1, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      divu, 0x3, 0x14, 0x6
    RR      divu, 0x0, 0x14, 0xfffffffffffffffa
    RR      divu, 0x2aaaaaaaaaaaaaa7, 0xffffffffffffffec, 0x6
    RR      divu, 0x0, 0xffffffffffffffec, 0xfffffffffffffffa
    RR      divu, 0x0, 0x7, 0x100000000
    RR      divu, 0x2aaaaaaa, 0x80000000, 0x3
    RR      divu, 0x19999999, 0xffffffff, 0xa
    RR      divu, 0x0, 0x3b9aca07, 0xfffffffffffffff6
    RR      divu, 0x70, 0x8000000080000000, 0x123456789abcdef
    RR      divu, 0x0, 0x100000000, 0xfffffffffffffffe
    RR      divu, 0x1dcd6503, 0x3b9aca07, 0x2
    RR      divu, 0x1, 0xfffffffffffffff6, 0x8000000080000000
    RR      divu, 0x7f6e5d4c3b2a1908, 0xfedcba9876543210, 0x2
    RR      divu, 0xaaaaaaab, 0xaaaaaaaaaaaaaaaa, 0xffffffff
    RR      divu, 0x1, 0xff00ff00ff00ff, 0xff00ff00ff00ff
    RR      divu, 0x1fdb97530, 0xfedcba9876543210, 0x80000000
    RR      divu, 0x55555555, 0xffffffff, 0x3
    RR      divu, 0x3, 0x3c35da6071a86090, 0x11156dfd629303e7
    RR      divu, 0x0, 0x6bb59b548d27de, 0xac0cc0bb2359caa3
    RR      divu, 0x1, 0x4b17b5cc91f974ed, 0x4814c5dad7eb0201
    RR      divu, 0x0, 0x3cd10da978991eb6, 0xcb7fe40acff20481
    RR      divu, 0x0, 0x28a69704707622ec, 0xf27454117300bd84
    RR      divu, 0x0, 0x143e0c4800500097, 0x16f72ef5b4f3e708

# The same register twice, and x0
    RR      divu, 0x50611708, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      divu, 0x50611708, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      divu, 0x1, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      divu, 0x1, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      divu, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      divu, 0x0, 0, 0x3000000fd, rs1=x0
    RR      divu, 0xffffffffffffffff, 0xf123456789abcde7, 0, rs2=x0
    RR      divu, 0xffffffffffffffff, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      divu, 0x1d8ef4a93798, 0xc574b5afdb2a9cdf, 0x6ae21, rd=x21, rs1=x9, rs2=x24
    RR      divu, 0x5581cbc, 0xaafc6952caf94284, 0x1ffea80a08, rd=x6, rs1=x25, rs2=x19
    RR      divu, 0x9b0a9, 0x490ceb88fffd0376, 0x789e7284796, rd=x8, rs1=x10, rs2=x17
    RR      divu, 0xff70bfbc3531, 0x1902f9361cb15b84, 0x1911, rd=x28, rs1=x20, rs2=x15
    RR      divu, 0x26aa4, 0xe8bf301cfd9eea43, 0x6050054d68db, rd=x18, rs1=x4, rs2=x22
    RR      divu, 0x3d610cfbefefe, 0xd4197d7e15fe4f2e, 0x374a, rd=x1, rs1=x13, rs2=x16
    RR      divu, 0x1515f06ea7d8, 0xd33c9572cc7f46b1, 0xa049c, rd=x5, rs1=x2, rs2=x26
    RR      divu, 0xbb9106f76e74e, 0x524a105e6da5ac46, 0x705, rd=x23, rs1=x7, rs2=x27

    PASS
