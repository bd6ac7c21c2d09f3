# beq: branch if equal.
    .include "test.inc"

    START

# Values: taken, a, b
    BRANCH  beq, 1, 0x0, 0x0
    BRANCH  beq, 0, 0x0, 0x1
    BRANCH  beq, 0, 0x0, 0xffffffffffffffff
    BRANCH  beq, 0, 0x0, 0x8000000000000000
    BRANCH  beq, 0, 0x0, 0x7fffffffffffffff
    BRANCH  beq, 0, 0x1, 0x0
    BRANCH  beq, 1, 0x1, 0x1
    BRANCH  beq, 0, 0x1, 0xffffffffffffffff
    BRANCH  beq, 0, 0x1, 0x8000000000000000
    BRANCH  beq, 0, 0x1, 0x7fffffffffffffff
    BRANCH  beq, 0, 0xffffffffffffffff, 0x0
    BRANCH  beq, 0, 0xffffffffffffffff, 0x1
    BRANCH  beq, 1, 0xffffffffffffffff, 0xffffffffffffffff
    BRANCH  beq, 0, 0xffffffffffffffff, 0x8000000000000000
    BRANCH  beq, 0, 0xffffffffffffffff, 0x7fffffffffffffff
    BRANCH  beq, 0, 0x8000000000000000, 0x0
    BRANCH  beq, 0, 0x8000000000000000, 0x1
    BRANCH  beq, 0, 0x8000000000000000, 0xffffffffffffffff
    BRANCH  beq, 1, 0x8000000000000000, 0x8000000000000000
    BRANCH  beq, 0, 0x8000000000000000, 0x7fffffffffffffff
    BRANCH  beq, 0, 0x7fffffffffffffff, 0x0
    BRANCH  beq, 0, 0x7fffffffffffffff, 0x1
    BRANCH  beq, 0, 0x7fffffffffffffff, 0xffffffffffffffff
    BRANCH  beq, 0, 0x7fffffffffffffff, 0x8000000000000000
    BRANCH  beq, 1, 0x7fffffffffffffff, 0x7fffffffffffffff
    BRANCH  beq, 0, 0x100000000, 0x0
    BRANCH  beq, 0, 0xffffffff, 0xffffffffffffffff
    BRANCH  beq, 0, 0x7fffffff, 0x80000000
    BRANCH  beq, 0, 0x8000000000000001, 0x8000000000000000
    BRANCH  beq, 0, 0x1000000000000, 0xffffffffffff
    BRANCH  beq, 0, 0x10000, 0xffff
    BRANCH  beq, 0, 0xffff, 0x10000
    BRANCH  beq, 0, 0xc2b0704c2cfc4721, 0xc290704c2cfc4721
    BRANCH  beq, 1, 0xd4a42fd094d0209c, 0xd4a42fd094d0209c
    BRANCH  beq, 1, 0x98b681d932dbbc92, 0x98b681d932dbbc92
    BRANCH  beq, 1, 0xd16c230733aa308e, 0xd16c230733aa308e
    BRANCH  beq, 1, 0x414a396c10460ad4, 0x414a396c10460ad4
    BRANCH  beq, 0, 0x806a369e5ebd517a, 0x807a369e5ebd517a
    BRANCH  beq, 0, 0x7515099e42f0497, 0x6515099e42f0497
    BRANCH  beq, 1, 0x2df16429bfb7fb64, 0x2df16429bfb7fb64

# The same register twice, and x0
    BRANCH  beq, 1, 5, 5, rs1=x11, rs2=x11
    BRANCH  beq, 0, 0, 7, rs1=x0
    BRANCH  beq, 0, 7, 0, rs2=x0
    BRANCH  beq, 1, 0, 0, rs1=x0, rs2=x0

# Far
    FAR_BRANCH beq, 0x3, 0x3

    PASS
