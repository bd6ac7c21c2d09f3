# blt: branch if less, signed.
    .include "test.inc"

    START

# Values: taken, a, b
    BRANCH  blt, 0, 0x0, 0x0
    BRANCH  blt, 1, 0x0, 0x1
    BRANCH  blt, 0, 0x0, 0xffffffffffffffff
    BRANCH  blt, 0, 0x0, 0x8000000000000000
    BRANCH  blt, 1, 0x0, 0x7fffffffffffffff
    BRANCH  blt, 0, 0x1, 0x0
    BRANCH  blt, 0, 0x1, 0x1
    BRANCH  blt, 0, 0x1, 0xffffffffffffffff
    BRANCH  blt, 0, 0x1, 0x8000000000000000
    BRANCH  blt, 1, 0x1, 0x7fffffffffffffff
    BRANCH  blt, 1, 0xffffffffffffffff, 0x0
    BRANCH  blt, 1, 0xffffffffffffffff, 0x1
    BRANCH  blt, 0, 0xffffffffffffffff, 0xffffffffffffffff
    BRANCH  blt, 0, 0xffffffffffffffff, 0x8000000000000000
    BRANCH  blt, 1, 0xffffffffffffffff, 0x7fffffffffffffff
    BRANCH  blt, 1, 0x8000000000000000, 0x0
    BRANCH  blt, 1, 0x8000000000000000, 0x1
    BRANCH  blt, 1, 0x8000000000000000, 0xffffffffffffffff
    BRANCH  blt, 0, 0x8000000000000000, 0x8000000000000000
    BRANCH  blt, 1, 0x8000000000000000, 0x7fffffffffffffff
    BRANCH  blt, 0, 0x7fffffffffffffff, 0x0
    BRANCH  blt, 0, 0x7fffffffffffffff, 0x1
    BRANCH  blt, 0, 0x7fffffffffffffff, 0xffffffffffffffff
    BRANCH  blt, 0, 0x7fffffffffffffff, 0x8000000000000000
    BRANCH  blt, 0, 0x7fffffffffffffff, 0x7fffffffffffffff
    BRANCH  blt, 0, 0x100000000, 0x0
    BRANCH  blt, 0, 0xffffffff, 0xffffffffffffffff
    BRANCH  blt, 1, 0x7fffffff, 0x80000000
    BRANCH  blt, 0, 0x8000000000000001, 0x8000000000000000
    BRANCH  blt, 0, 0x1000000000000, 0xffffffffffff
    BRANCH  blt, 0, 0x10000, 0xffff
    BRANCH  blt, 1, 0xffff, 0x10000
    BRANCH  blt, 0, 0x6dee81ad365becbb, 0x6dee81ad365bec9b
    BRANCH  blt, 0, 0xfd791d653249e816, 0xfd791d653249e816
    BRANCH  blt, 0, 0x5509307acd7ceff8, 0x5501307acd7ceff8
    BRANCH  blt, 1, 0x348fb75073da2576, 0x348fb75077da2576
    BRANCH  blt, 1, 0x4b906a2b0318883b, 0x4b906a6b0318883b
    BRANCH  blt, 1, 0xce221008b1d78bca, 0xce2a1008b1d78bca
    BRANCH  blt, 0, 0xb0b33e01ecb2bd31, 0xb0b33e01ecb23d31
    BRANCH  blt, 0, 0xb75705e419023db0, 0xb75705e419023db0

# The same register twice, and x0
    BRANCH  blt, 0, 5, 5, rs1=x11, rs2=x11
    BRANCH  blt, 1, 0, 7, rs1=x0
    BRANCH  blt, 0, 7, 0, rs2=x0
    BRANCH  blt, 0, 0, 0, rs1=x0, rs2=x0

# Far
    FAR_BRANCH blt, 0xffffffffffffffff, 0x1

    PASS
