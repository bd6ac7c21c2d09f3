# div: signed quotient, rounded towards zero; by 0: -1; overflow: the dividend.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      div, 0xffffffffffffffff, 0x0, 0x0
    RR      div, 0x0, 0x0, 0x1
    RR      div, 0x0, 0x0, 0xffffffffffffffff
    RR      div, 0x0, 0x0, 0x8000000000000000
    RR      div, 0x0, 0x0, 0x7fffffffffffffff
    RR      div, 0xffffffffffffffff, 0x1, 0x0
    RR      div, 0x1, 0x1, 0x1
    RR      div, 0xffffffffffffffff, 0x1, 0xffffffffffffffff
    RR      div, 0x0, 0x1, 0x8000000000000000
    RR      div, 0x0, 0x1, 0x7fffffffffffffff
    RR      div, 0xffffffffffffffff, 0xffffffffffffffff, 0x0
    RR      div, 0xffffffffffffffff, 0xffffffffffffffff, 0x1
    RR      div, 0x1, 0xffffffffffffffff, 0xffffffffffffffff
    RR      div, 0x0, 0xffffffffffffffff, 0x8000000000000000
    RR      div, 0x0, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      div, 0xffffffffffffffff, 0x8000000000000000, 0x0
    RR      div, 0x8000000000000000, 0x8000000000000000, 0x1
    RR      div, 0x8000000000000000, 0x8000000000000000, 0xffffffffffffffff
    RR      div, 0x1, 0x8000000000000000, 0x8000000000000000
    RR      div, 0xffffffffffffffff, 0x8000000000000000, 0x7fffffffffffffff
    RR      div, 0xffffffffffffffff, 0x7fffffffffffffff, 0x0
    RR      div, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x1
    RR      div, 0x8000000000000001, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      div, 0x0, 0x7fffffffffffffff, 0x8000000000000000
    RR      div, 0x1, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      div, 0x3, 0x14, 0x6
    RR      div, 0xfffffffffffffffd, 0x14, 0xfffffffffffffffa
    RR      div, 0xfffffffffffffffd, 0xffffffffffffffec, 0x6
    RR      div, 0x3, 0xffffffffffffffec, 0xfffffffffffffffa
    RR      div, 0x0, 0x7, 0x100000000
    RR      div, 0x2aaaaaaa, 0x80000000, 0x3
    RR      div, 0x19999999, 0xffffffff, 0xa
    RR      div, 0xfffffffffa0a1f00, 0x3b9aca07, 0xfffffffffffffff6
    RR      div, 0x0, 0xfffffffffffffff6, 0xffffffff
    RR      div, 0xffffffffe6666667, 0x100000000, 0xfffffffffffffff6
    RR      div, 0xfffffffffdb97531, 0x123456789abcdef, 0xffffffff80000000
    RR      div, 0x0, 0x80000000, 0x123456789abcdef
    RR      div, 0x1d208a5a912e31, 0xfedcba9876543210, 0xfffffffffffffff6
    RR      div, 0x0, 0x7fffffff, 0x8000000080000000
    RR      div, 0xffff80007fff8000, 0xffff0000ffff0000, 0x2
    RR      div, 0x0, 0xfedcba9876543210, 0x5555555555555555
    RR      div, 0xffffffffc0000000, 0xffffffff80000000, 0x2
    RR      div, 0x0, 0xd768442dcd56b507, 0x992e3d98fcccf951
    RR      div, 0xffffffffffffffff, 0x5f7729255fcd2fea, 0xa0acbf4aea966df9
    RR      div, 0x0, 0x1c783f10f25899, 0xc9a2728f722798cb
    RR      div, 0x0, 0xb7ad73751da8d8f1, 0x939365ecc8ca8514
    RR      div, 0x1, 0x27d068f7b213dc3e, 0x1a9e6eced7d188d7
    RR      div, 0x0, 0x31dcb47b22f21d4c, 0xaae1b99df882d0da

# The same register twice, and x0
    RR      div, 0xfffffffffb0bc1cf, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      div, 0xfffffffffb0bc1cf, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      div, 0x1, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      div, 0x1, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      div, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      div, 0x0, 0, 0x3000000fd, rs1=x0
    RR      div, 0xffffffffffffffff, 0xf123456789abcde7, 0, rs2=x0
    RR      div, 0xffffffffffffffff, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      div, 0x0, 0x799d75be5ddb2f4, 0x8e19665c6dfd93b, rd=x15, rs1=x13, rs2=x16
    RR      div, 0x8a981, 0x3dbb6d4dbc35dcec, 0x7206d4c9319, rd=x27, rs1=x6, rs2=x7
    RR      div, 0x86d93, 0xe63ab3352a1bbf8, 0x1b512d4089f, rd=x20, rs1=x18, rs2=x10
    RR      div, 0x6b14fab85ef8, 0x7d041e35ffe0d98, 0x12ae, rd=x21, rs1=x28, rs2=x24
    RR      div, 0x23a, 0xa02ae472c252e2b, 0x47d15dc301a68, rd=x25, rs1=x1, rs2=x26
    RR      div, 0xb2f6003e, 0x2b492dddc7cfe0cf, 0x3deb66fa, rd=x17, rs1=x9, rs2=x22
    RR      div, 0xfffffffffffffcdc, 0xef8de9219ce8ae96, 0x53c77ea417232, rd=x2, rs1=x19, rs2=x8
    RR      div, 0xfffb79f2587f9e8d, 0x932add7f26576f1b, 0x180f, rd=x23, rs1=x4, rs2=x29

    PASS
