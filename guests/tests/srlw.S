# srlw: 32-bit logical shift right by the low 5 bits, sign-extended.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      srlw, 0x1, 0x1, 0x0
    RR      srlw, 0x0, 0x1, 0x1
    RR      srlw, 0x0, 0x1, 0x1f
    RR      srlw, 0x1, 0x1, 0x20
    RR      srlw, 0x0, 0x1, 0x3f
    RR      srlw, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      srlw, 0x7fffffff, 0xffffffffffffffff, 0x1
    RR      srlw, 0x1, 0xffffffffffffffff, 0x1f
    RR      srlw, 0xffffffffffffffff, 0xffffffffffffffff, 0x20
    RR      srlw, 0x1, 0xffffffffffffffff, 0x3f
    RR      srlw, 0x0, 0x8000000000000000, 0x0
    RR      srlw, 0x0, 0x8000000000000000, 0x1
    RR      srlw, 0x0, 0x8000000000000000, 0x1f
    RR      srlw, 0x0, 0x8000000000000000, 0x20
    RR      srlw, 0x0, 0x8000000000000000, 0x3f
    RR      srlw, 0xffffffff89abcdef, 0x123456789abcdef, 0x0
    RR      srlw, 0x44d5e6f7, 0x123456789abcdef, 0x1
    RR      srlw, 0x1, 0x123456789abcdef, 0x1f
    RR      srlw, 0xffffffff89abcdef, 0x123456789abcdef, 0x20
    RR      srlw, 0x1, 0x123456789abcdef, 0x3f
    RR      srlw, 0xffffffff87654321, 0x8765432187654321, 0x0
    RR      srlw, 0x43b2a190, 0x8765432187654321, 0x1
    RR      srlw, 0x21d950c8, 0x8765432187654321, 0x2
    RR      srlw, 0x10eca86, 0x8765432187654321, 0x7
    RR      srlw, 0x10eca, 0x8765432187654321, 0xf
    RR      srlw, 0x8765, 0x8765432187654321, 0x10
    RR      srlw, 0x1, 0x8765432187654321, 0x1f
    RR      srlw, 0xffffffff87654321, 0x8765432187654321, 0x20
    RR      srlw, 0x43b2a190, 0x8765432187654321, 0x21
    RR      srlw, 0x10eca, 0x8765432187654321, 0x2f
    RR      srlw, 0x8765, 0x8765432187654321, 0x30
    RR      srlw, 0x2, 0x8765432187654321, 0x3e
    RR      srlw, 0x1, 0x8765432187654321, 0x3f
    RR      srlw, 0xc0ffee, 0xdeadbeef00c0ffee, 0x40
    RR      srlw, 0x607ff7, 0xdeadbeef00c0ffee, 0x41
    RR      srlw, 0x607ff7, 0xdeadbeef00c0ffee, 0xffffffffffffffc1
    RR      srlw, 0xc0ffee, 0xdeadbeef00c0ffee, 0x8000000000000020
    RR      srlw, 0x0, 0xdeadbeef00c0ffee, 0xffffffffffffffff
    RR      srlw, 0x3fffffff, 0x7fffffff, 0x1
    RR      srlw, 0x1, 0x80000000, 0xffffffffffffffff
    RR      srlw, 0x1, 0xffffffff80000000, 0xffffffffffffffff
    RR      srlw, 0x1, 0x123456780000000a, 0xabcdef0000000003
    RR      srlw, 0x7fffffff, 0xffffffff, 0x1
    RR      srlw, 0x0, 0x100000000, 0x100000001
    RR      srlw, 0xffffffff80000000, 0x80000000, 0x80000000
    RR      srlw, 0x0, 0x4e0fb1a415e55d7e, 0xb47b521f8ddcdd5e
    RR      srlw, 0x19183103, 0x73a116926460c40e, 0x6f9548f1dbe28c02
    RR      srlw, 0xfd21fc, 0xcf08deeefd21fc54, 0xc24657c9afa619c8

# The same register twice, and x0
    RR      srlw, 0x4, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      srlw, 0x4, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      srlw, 0x113579b, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      srlw, 0x113579b, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      srlw, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      srlw, 0x0, 0, 0x3000000fd, rs1=x0
    RR      srlw, 0xffffffff89abcde7, 0xf123456789abcde7, 0, rs2=x0
    RR      srlw, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      srlw, 0x0, 0x30ced8249dabeed, 0x15ba016db91f, rd=x2, rs1=x28, rs2=x17
    RR      srlw, 0x7cf2bf4, 0x51fadb1e7cf2bf46, 0x6b824, rd=x10, rs1=x16, rs2=x9
    RR      srlw, 0x5e1, 0x33feae0fbc259277, 0x12b39206a095, rd=x15, rs1=x19, rs2=x7
    RR      srlw, 0x12ca, 0x6d6b16bc12ca3f4c, 0xdc87060406b0, rd=x21, rs1=x25, rs2=x20
    RR      srlw, 0x132ade, 0x97af17a34cab7ad7, 0x15fea, rd=x13, rs1=x18, rs2=x5
    RR      srlw, 0x18553f45, 0xef47a58830aa7e8b, 0x1e3b0161, rd=x6, rs1=x23, rs2=x24
    RR      srlw, 0x1babca1, 0x4f048045dd5e50ca, 0x39c8963403d6887, rd=x1, rs1=x29, rs2=x4
    RR      srlw, 0x9, 0xa37fca790988c39c, 0x3b80fe2ff8, rd=x26, rs1=x22, rs2=x27

    PASS
