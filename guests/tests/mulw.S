# mulw: 32-bit product, sign-extended.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      mulw, 0x0, 0x0, 0x0
    RR      mulw, 0x0, 0x0, 0x1
    RR      mulw, 0x0, 0x0, 0xffffffffffffffff
    RR      mulw, 0x0, 0x0, 0x8000000000000000
    RR      mulw, 0x0, 0x0, 0x7fffffffffffffff
    RR      mulw, 0x0, 0x1, 0x0
    RR      mulw, 0x1, 0x1, 0x1
    RR      mulw, 0xffffffffffffffff, 0x1, 0xffffffffffffffff
    RR      mulw, 0x0, 0x1, 0x8000000000000000
    RR      mulw, 0xffffffffffffffff, 0x1, 0x7fffffffffffffff
    RR      mulw, 0x0, 0xffffffffffffffff, 0x0
    RR      mulw, 0xffffffffffffffff, 0xffffffffffffffff, 0x1
    RR      mulw, 0x1, 0xffffffffffffffff, 0xffffffffffffffff
    RR      mulw, 0x0, 0xffffffffffffffff, 0x8000000000000000
    RR      mulw, 0x1, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      mulw, 0x0, 0x8000000000000000, 0x0
    RR      mulw, 0x0, 0x8000000000000000, 0x1
    RR      mulw, 0x0, 0x8000000000000000, 0xffffffffffffffff
    RR      mulw, 0x0, 0x8000000000000000, 0x8000000000000000
    RR      mulw, 0x0, 0x8000000000000000, 0x7fffffffffffffff
    RR      mulw, 0x0, 0x7fffffffffffffff, 0x0
    RR      mulw, 0xffffffffffffffff, 0x7fffffffffffffff, 0x1
    RR      mulw, 0x1, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      mulw, 0x0, 0x7fffffffffffffff, 0x8000000000000000
    RR      mulw, 0x1, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      mulw, 0x7fffffff, 0x7fffffff, 0x1
    RR      mulw, 0xffffffff80000000, 0x80000000, 0xffffffffffffffff
    RR      mulw, 0xffffffff80000000, 0xffffffff80000000, 0xffffffffffffffff
    RR      mulw, 0x1e, 0x123456780000000a, 0xabcdef0000000003
    RR      mulw, 0xffffffffffffffff, 0xffffffff, 0x1
    RR      mulw, 0x0, 0x100000000, 0x100000001
    RR      mulw, 0x0, 0x80000000, 0x80000000
    RR      mulw, 0x1, 0xffffffff, 0xffffffff
    RR      mulw, 0xffffffffffffffeb, 0xfffffffffffffffd, 0x7
    RR      mulw, 0x53a6cf5c, 0xb504f334, 0xb504f333
    RR      mulw, 0x1, 0x10001, 0xffff0001
    RR      mulw, 0x0, 0x8000000080000000, 0xffff0000ffff0000
    RR      mulw, 0xffffffff80000000, 0xffffffff, 0x7fffffff80000000
    RR      mulw, 0xffffffff89abcdf0, 0xfedcba9876543210, 0x7fffffff
    RR      mulw, 0xffffffffaaaaaaaa, 0x5555555555555555, 0x2
    RR      mulw, 0xffffffff9adce523, 0x3b9aca07, 0xb505
    RR      mulw, 0xffffffffaaaaaaac, 0xfffffffffffffffe, 0xaaaaaaaaaaaaaaaa
    RR      mulw, 0x34d74397, 0x2285d88e261c4855, 0x69d0622aca80383b
    RR      mulw, 0x7dae4da0, 0x75d18d80fff411a0, 0xf7f6832bc6995161
    RR      mulw, 0xffffffff8556d960, 0x7a76ccef590d560, 0x2e1f97387e231061
    RR      mulw, 0xffffffff837f1d71, 0x642b58e9b4d8100b, 0xb4da35aeb6b689f3
    RR      mulw, 0x67c41b13, 0x23a7a5d3499fe2ed, 0x85232f7626de35ff
    RR      mulw, 0xffffffffa5b9fa65, 0x6bc02279a0da431, 0x5418f91a9890f075

# The same register twice, and x0
    RR      mulw, 0xeca7d4b, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      mulw, 0xeca7d4b, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      mulw, 0xfffffffff635c671, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      mulw, 0xfffffffff635c671, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      mulw, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      mulw, 0x0, 0, 0x3000000fd, rs1=x0
    RR      mulw, 0x0, 0xf123456789abcde7, 0, rs2=x0
    RR      mulw, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      mulw, 0x5bdf2dd0, 0x91640209c01afae, 0x5e0952358, rd=x19, rs1=x26, rs2=x28
    RR      mulw, 0x19fff6ef, 0xd4f121723dfe9d35, 0x19b4933f6d69c13, rd=x20, rs1=x25, rs2=x4
    RR      mulw, 0x6185e4dc, 0x7d38471d7074d127, 0x5c4, rd=x10, rs1=x23, rs2=x17
    RR      mulw, 0xfffffffff0de2dee, 0x31918017fd0c21f, 0x52, rd=x13, rs1=x7, rs2=x29
    RR      mulw, 0xffffffffc2fd85ae, 0x336befb713578515, 0x23125f7cb4f676, rd=x27, rs1=x16, rs2=x9
    RR      mulw, 0x7db5c91c, 0xd98c5c99b2693aee, 0x2d4418b62, rd=x22, rs1=x21, rs2=x15
    RR      mulw, 0xffffffff8593e321, 0xb88b049b543afd6f, 0x6f, rd=x1, rs1=x18, rs2=x6
    RR      mulw, 0xffffffff98b79a5c, 0xf01070924e72a3e4, 0xf, rd=x2, rs1=x24, rs2=x8

    PASS
