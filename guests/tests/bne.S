# bne: branch if not equal.
    .include "test.inc"

    START

# Values: taken, a, b
    BRANCH  bne, 0, 0x0, 0x0
    BRANCH  bne, 1, 0x0, 0x1
    BRANCH  bne, 1, 0x0, 0xffffffffffffffff
    BRANCH  bne, 1, 0x0, 0x8000000000000000
    BRANCH  bne, 1, 0x0, 0x7fffffffffffffff
    BRANCH  bne, 1, 0x1, 0x0
    BRANCH  bne, 0, 0x1, 0x1
    BRANCH  bne, 1, 0x1, 0xffffffffffffffff
    BRANCH  bne, 1, 0x1, 0x8000000000000000
    BRANCH  bne, 1, 0x1, 0x7fffffffffffffff
    BRANCH  bne, 1, 0xffffffffffffffff, 0x0
    BRANCH  bne, 1, 0xffffffffffffffff, 0x1
    BRANCH  bne, 0, 0xffffffffffffffff, 0xffffffffffffffff
    BRANCH  bne, 1, 0xffffffffffffffff, 0x8000000000000000
    BRANCH  bne, 1, 0xffffffffffffffff, 0x7fffffffffffffff
    BRANCH  bne, 1, 0x8000000000000000, 0x0
    BRANCH  bne, 1, 0x8000000000000000, 0x1
    BRANCH  bne, 1, 0x8000000000000000, 0xffffffffffffffff
    BRANCH  bne, 0, 0x8000000000000000, 0x8000000000000000
    BRANCH  bne, 1, 0x8000000000000000, 0x7fffffffffffffff
    BRANCH  bne, 1, 0x7fffffffffffffff, 0x0
    BRANCH  bne, 1, 0x7fffffffffffffff, 0x1
    BRANCH  bne, 1, 0x7fffffffffffffff, 0xffffffffffffffff
    BRANCH  bne, 1, 0x7fffffffffffffff, 0x8000000000000000
    BRANCH  bne, 0, 0x7fffffffffffffff, 0x7fffffffffffffff
    BRANCH  bne, 1, 0x100000000, 0x0
    BRANCH  bne, 1, 0xffffffff, 0xffffffffffffffff
    BRANCH  bne, 1, 0x7fffffff, 0x80000000
    BRANCH  bne, 1, 0x8000000000000001, 0x8000000000000000
    BRANCH  bne, 1, 0x1000000000000, 0xffffffffffff
    BRANCH  bne, 1, 0x10000, 0xffff
    BRANCH  bne, 1, 0xffff, 0x10000
    BRANCH  bne, 0, 0x65eb810f6b6838e6, 0x65eb810f6b6838e6
    BRANCH  bne, 1, 0x748c2c32a4d395d5, 0x748c2432a4d395d5
    BRANCH  bne, 1, 0xb5e4af459be31770, 0xb5e4af459be35770
    BRANCH  bne, 0, 0xc4b909ea4ed146, 0xc4b909ea4ed146
    BRANCH  bne, 1, 0xa527619180840f19, 0x8527619180840f19
    BRANCH  bne, 1, 0xd840048bf6c4d7fd, 0xd840048bf6c4d7f5
    BRANCH  bne, 1, 0x8b7f76dd99661bf2, 0x8b7f76dd99661ff2
    BRANCH  bne, 0, 0x2d7c2797637eb615, 0x2d7c2797637eb615

# The same register twice, and x0
    BRANCH  bne, 0, 5, 5, rs1=x11, rs2=x11
    BRANCH  bne, 1, 0, 7, rs1=x0
    BRANCH  bne, 1, 7, 0, rs2=x0
    BRANCH  bne, 0, 0, 0, rs1=x0, rs2=x0

# Far
    FAR_BRANCH bne, 0xffffffffffffffff, 0x1

    PASS
