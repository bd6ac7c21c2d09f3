# bgeu: branch if greater or equal, unsigned.
    .include "test.inc"

    START

# Values: taken, a, b
    BRANCH  bgeu, 1, 0x0, 0x0
    BRANCH  bgeu, 0, 0x0, 0x1
    BRANCH  bgeu, 0, 0x0, 0xffffffffffffffff
    BRANCH  bgeu, 0, 0x0, 0x8000000000000000
    BRANCH  bgeu, 0, 0x0, 0x7fffffffffffffff
    BRANCH  bgeu, 1, 0x1, 0x0
    BRANCH  bgeu, 1, 0x1, 0x1
    BRANCH  bgeu, 0, 0x1, 0xffffffffffffffff
    BRANCH  bgeu, 0, 0x1, 0x8000000000000000
    BRANCH  bgeu, 0, 0x1, 0x7fffffffffffffff
    BRANCH  bgeu, 1, 0xffffffffffffffff, 0x0
    BRANCH  bgeu, 1, 0xffffffffffffffff, 0x1
    BRANCH  bgeu, 1, 0xffffffffffffffff, 0xffffffffffffffff
    BRANCH  bgeu, 1, 0xffffffffffffffff, 0x8000000000000000
    BRANCH  bgeu, 1, 0xffffffffffffffff, 0x7fffffffffffffff
    BRANCH  bgeu, 1, 0x8000000000000000, 0x0
    BRANCH  bgeu, 1, 0x8000000000000000, 0x1
    BRANCH  bgeu, 0, 0x8000000000000000, 0xffffffffffffffff
    BRANCH  bgeu, 1, 0x8000000000000000, 0x8000000000000000
    BRANCH  bgeu, 1, 0x8000000000000000, 0x7fffffffffffffff
    BRANCH  bgeu, 1, 0x7fffffffffffffff, 0x0
    BRANCH  bgeu, 1, 0x7fffffffffffffff, 0x1
    BRANCH  bgeu, 0, 0x7fffffffffffffff, 0xffffffffffffffff
    BRANCH  bgeu, 0, 0x7fffffffffffffff, 0x8000000000000000
    BRANCH  bgeu, 1, 0x7fffffffffffffff, 0x7fffffffffffffff
    BRANCH  bgeu, 1, 0x100000000, 0x0
    BRANCH  bgeu, 0, 0xffffffff, 0xffffffffffffffff
    BRANCH  bgeu, 0, 0x7fffffff, 0x80000000
    BRANCH  bgeu, 1, 0x8000000000000001, 0x8000000000000000
    BRANCH  bgeu, 1, 0x1000000000000, 0xffffffffffff
    BRANCH  bgeu, 1, 0x10000, 0xffff
    BRANCH  bgeu, 0, 0xffff, 0x10000
    BRANCH  bgeu, 1, 0xad3eef11bf97d55b, 0xac3eef11bf97d55b
    BRANCH  bgeu, 1, 0x592a2342964bcd6, 0x592a2342964bcd6
    BRANCH  bgeu, 1, 0x3568fc7530081e6, 0x3528fc7530081e6
    BRANCH  bgeu, 1, 0xad60b3426e50e802, 0xad60b3426e50e802
    BRANCH  bgeu, 1, 0xb01d3e584721ec9d, 0xb01d3e584721ec9d
    BRANCH  bgeu, 1, 0x9ede1c1bdc6ab4c, 0x9ede1c1bdc6ab4c
    BRANCH  bgeu, 1, 0x6731a1a819400e25, 0x4731a1a819400e25
    BRANCH  bgeu, 1, 0x91ff363f4243a1d2, 0x91ff363f4243a1d2

# The same register twice, and x0
    BRANCH  bgeu, 1, 5, 5, rs1=x11, rs2=x11
    BRANCH  bgeu, 0, 0, 7, rs1=x0
    BRANCH  bgeu, 1, 7, 0, rs2=x0
    BRANCH  bgeu, 1, 0, 0, rs1=x0, rs2=x0

# Far
    FAR_BRANCH bgeu, 0x3, 0x3

    PASS
