# mulh: high half, signed by signed.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      mulh, 0x0, 0x0, 0x0
    RR      mulh, 0x0, 0x0, 0x1
    RR      mulh, 0x0, 0x0, 0xffffffffffffffff
    RR      mulh, 0x0, 0x0, 0x8000000000000000
    RR      mulh, 0x0, 0x0, 0x7fffffffffffffff
    RR      mulh, 0x0, 0x1, 0x0
    RR      mulh, 0x0, 0x1, 0x1
    RR      mulh, 0xffffffffffffffff, 0x1, 0xffffffffffffffff
    RR      mulh, 0xffffffffffffffff, 0x1, 0x8000000000000000
    RR      mulh, 0x0, 0x1, 0x7fffffffffffffff
    RR      mulh, 0x0, 0xffffffffffffffff, 0x0
    RR      mulh, 0xffffffffffffffff, 0xffffffffffffffff, 0x1
    RR      mulh, 0x0, 0xffffffffffffffff, 0xffffffffffffffff
    RR      mulh, 0x0, 0xffffffffffffffff, 0x8000000000000000
    RR      mulh, 0xffffffffffffffff, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      mulh, 0x0, 0x8000000000000000, 0x0
    RR      mulh, 0xffffffffffffffff, 0x8000000000000000, 0x1
    RR      mulh, 0x0, 0x8000000000000000, 0xffffffffffffffff
    RR      mulh, 0x4000000000000000, 0x8000000000000000, 0x8000000000000000
    RR      mulh, 0xc000000000000000, 0x8000000000000000, 0x7fffffffffffffff
    RR      mulh, 0x0, 0x7fffffffffffffff, 0x0
    RR      mulh, 0x0, 0x7fffffffffffffff, 0x1
    RR      mulh, 0xffffffffffffffff, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      mulh, 0xc000000000000000, 0x7fffffffffffffff, 0x8000000000000000
    RR      mulh, 0x3fffffffffffffff, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      mulh, 0x0, 0xffffffff, 0xffffffff
    RR      mulh, 0xffffffffffffffff, 0xfffffffffffffffd, 0x7
    RR      mulh, 0x0, 0xb504f334, 0xb504f333
    RR      mulh, 0x0, 0x10001, 0xffff0001
    RR      mulh, 0x0, 0x3, 0xb505
    RR      mulh, 0x1234567, 0x123456789abcdef, 0xffffffff
    RR      mulh, 0x0, 0x3, 0x2
    RR      mulh, 0x7fffffff, 0x7fffffff80000000, 0x100000000
    RR      mulh, 0xffffffffffffffff, 0xffff0000ffff0000, 0xb505
    RR      mulh, 0xffffffffffffffff, 0x80000000, 0xfffffffffffffffe
    RR      mulh, 0xffffffffff6e5d4c, 0xfedcba9876543210, 0x80000000
    RR      mulh, 0x0, 0x80000000, 0x80000000
    RR      mulh, 0xffffaaaaffffaaaa, 0xffff0000ffff0000, 0x5555555555555555
    RR      mulh, 0x7fff7fff, 0x7fffffff80000000, 0xffff0000
    RR      mulh, 0xffffffffffffffff, 0xfffffffffffffffe, 0x5555555555555555
    RR      mulh, 0x0, 0x100000000, 0x7fffffff
    RR      mulh, 0x7f807f7fffffff, 0xff00ff00ff00ff, 0x7fffffff80000000
    RR      mulh, 0xe1a4e1ece0bf81e3, 0x3f4c60115e50093b, 0x853af5cfbbc834c2
    RR      mulh, 0x27feeffb84e80a0, 0xf726340748fa383, 0x296d9bc4e01d3ae7
    RR      mulh, 0xd4a6d0e4d3770926, 0x9d990161c0253b6d, 0x70c60a89d84a33a8
    RR      mulh, 0x1441c8d33de70ae, 0x3c733f24f296ff39, 0x55c93cddd837299
    RR      mulh, 0xc7f815803ee5d65, 0x2b9e1ee9314dbb3f, 0x495a7ae6a4e8d0c4
    RR      mulh, 0x1877ec7fc6b07d2, 0x3ced12423e2b7db, 0x66cfd884bbdc3794

# The same register twice, and x0
    RR      mulh, 0xffffffffd369d027, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      mulh, 0xffffffffd369d027, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      mulh, 0xdce2b9eafe7cef, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      mulh, 0xdce2b9eafe7cef, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      mulh, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      mulh, 0x0, 0, 0x3000000fd, rs1=x0
    RR      mulh, 0x0, 0xf123456789abcde7, 0, rs2=x0
    RR      mulh, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      mulh, 0xffffffff972a8965, 0xe716dfddc575b554, 0x435596043, rd=x18, rs1=x28, rs2=x2
    RR      mulh, 0xce64ec3817c, 0xe75e2de7881d3dc, 0xe45e192d2df2, rd=x24, rs1=x17, rs2=x27
    RR      mulh, 0xfffffffff11fc0f7, 0xb91065860852301c, 0x35af8a13, rd=x21, rs1=x4, rs2=x8
    RR      mulh, 0x2665aeb90c, 0x347844d1b3923d7f, 0xbb56fdf368, rd=x23, rs1=x13, rs2=x9
    RR      mulh, 0x5ba7de52c372c6, 0x399210679b5729ab, 0x197912ebd0481db, rd=x1, rs1=x15, rs2=x10
    RR      mulh, 0xfffffffff7cd71c4, 0xd2c1fc2eb04a4fe6, 0x2e6286b5, rd=x25, rs1=x26, rs2=x5
    RR      mulh, 0xffffffffffff97d9, 0xe2ad8bac7e122f67, 0x38d4f, rd=x20, rs1=x6, rs2=x22
    RR      mulh, 0x2aea9abbc59, 0x5e9eb45b374f3e0, 0x741ced254d76, rd=x16, rs1=x19, rs2=x7

    PASS
