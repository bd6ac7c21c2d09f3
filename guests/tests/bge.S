# bge: branch if greater or equal, signed.
    .include "test.inc"

    START

# Values: taken, a, b
    BRANCH  bge, 1, 0x0, 0x0
    BRANCH  bge, 0, 0x0, 0x1
    BRANCH  bge, 1, 0x0, 0xffffffffffffffff
    BRANCH  bge, 1, 0x0, 0x8000000000000000
    BRANCH  bge, 0, 0x0, 0x7fffffffffffffff
    BRANCH  bge, 1, 0x1, 0x0
    BRANCH  bge, 1, 0x1, 0x1
    BRANCH  bge, 1, 0x1, 0xffffffffffffffff
    BRANCH  bge, 1, 0x1, 0x8000000000000000
    BRANCH  bge, 0, 0x1, 0x7fffffffffffffff
    BRANCH  bge, 0, 0xffffffffffffffff, 0x0
    BRANCH  bge, 0, 0xffffffffffffffff, 0x1
    BRANCH  bge, 1, 0xffffffffffffffff, 0xffffffffffffffff
    BRANCH  bge, 1, 0xffffffffffffffff, 0x8000000000000000
    BRANCH  bge, 0, 0xffffffffffffffff, 0x7fffffffffffffff
    BRANCH  bge, 0, 0x8000000000000000, 0x0
    BRANCH  bge, 0, 0x8000000000000000, 0x1
    BRANCH  bge, 0, 0x8000000000000000, 0xffffffffffffffff
    BRANCH  bge, 1, 0x8000000000000000, 0x8000000000000000
    BRANCH  bge, 0, 0x8000000000000000, 0x7fffffffffffffff
    BRANCH  bge, 1, 0x7fffffffffffffff, 0x0
    BRANCH  bge, 1, 0x7fffffffffffffff, 0x1
    BRANCH  bge, 1, 0x7fffffffffffffff, 0xffffffffffffffff
    BRANCH  bge, 1, 0x7fffffffffffffff, 0x8000000000000000
    BRANCH  bge, 1, 0x7fffffffffffffff, 0x7fffffffffffffff
    BRANCH  bge, 1, 0x100000000, 0x0
    BRANCH  bge, 1, 0xffffffff, 0xffffffffffffffff
    BRANCH  bge, 0, 0x7fffffff, 0x80000000
    BRANCH  bge, 1, 0x8000000000000001, 0x8000000000000000
    BRANCH  bge, 1, 0x1000000000000, 0xffffffffffff
    BRANCH  bge, 1, 0x10000, 0xffff
    BRANCH  bge, 0, 0xffff, 0x10000
    BRANCH  bge, 1, 0x824a493a204b5978, 0x824a493a204b5978
    BRANCH  bge, 1, 0x36ba04e0f9f20ed0, 0x36ba0460f9f20ed0
    BRANCH  bge, 1, 0xd4e08d37cd925307, 0xd4e08d37cd925306
    BRANCH  bge, 0, 0xfd3c3f5862293504, 0xfd3c3f5862a93504
    BRANCH  bge, 1, 0x28dd3a5240aa9624, 0x28dd325240aa9624
    BRANCH  bge, 1, 0xbbb73bfc54e8fd2b, 0xbbb73bfc54e8fd2b
    BRANCH  bge, 0, 0x425da0fae66aa002, 0x425da8fae66aa002
    BRANCH  bge, 1, 0x5af4aa0794dd8baa, 0x5af4aa07949d8baa

# The same register twice, and x0
    BRANCH  bge, 1, 5, 5, rs1=x11, rs2=x11
    BRANCH  bge, 0, 0, 7, rs1=x0
    BRANCH  bge, 1, 7, 0, rs2=x0
    BRANCH  bge, 1, 0, 0, rs1=x0, rs2=x0

# Far
    FAR_BRANCH bge, 0x3, 0x3

    PASS
