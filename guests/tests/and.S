# and: and.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      and, 0x0, 0x0, 0x0
    RR      and, 0x0, 0x0, 0x1
    RR      and, 0x0, 0x0, 0xffffffffffffffff
    RR      and, 0x0, 0x0, 0x8000000000000000
    RR      and, 0x0, 0x0, 0x7fffffffffffffff
    RR      and, 0x0, 0x1, 0x0
    RR      and, 0x1, 0x1, 0x1
    RR      and, 0x1, 0x1, 0xffffffffffffffff
    RR      and, 0x0, 0x1, 0x8000000000000000
    RR      and, 0x1, 0x1, 0x7fffffffffffffff
    RR      and, 0x0, 0xffffffffffffffff, 0x0
    RR      and, 0x1, 0xffffffffffffffff, 0x1
    RR      and, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff
    RR      and, 0x8000000000000000, 0xffffffffffffffff, 0x8000000000000000
    RR      and, 0x7fffffffffffffff, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      and, 0x0, 0x8000000000000000, 0x0
    RR      and, 0x0, 0x8000000000000000, 0x1
    RR      and, 0x8000000000000000, 0x8000000000000000, 0xffffffffffffffff
    RR      and, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000
    RR      and, 0x0, 0x8000000000000000, 0x7fffffffffffffff
    RR      and, 0x0, 0x7fffffffffffffff, 0x0
    RR      and, 0x1, 0x7fffffffffffffff, 0x1
    RR      and, 0x7fffffffffffffff, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      and, 0x0, 0x7fffffffffffffff, 0x8000000000000000
    RR      and, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      and, 0x80000000, 0x8000000080000000, 0x123456789abcdef
    RR      and, 0x123456789abcdee, 0x123456789abcdef, 0xfffffffffffffffe
    RR      and, 0x80000000, 0xfffffffffffffff6, 0x80000000
    RR      and, 0x0, 0x7fffffff, 0xffffffff80000000
    RR      and, 0x89abcdef, 0x123456789abcdef, 0xffffffff
    RR      and, 0x7ffffffe, 0x7fffffff, 0xfffffffffffffffe
    RR      and, 0x0, 0x3, 0xfedcba9876543210
    RR      and, 0x80000000, 0x80000000, 0x123456789abcdef
    RR      and, 0xffffffff80000000, 0xfffffffffffffffe, 0xffffffff80000000
    RR      and, 0x0, 0x8000000080000000, 0x7fffffff
    RR      and, 0x3000, 0xfedcba9876543210, 0xb505
    RR      and, 0x100000000, 0x100000000, 0xfffffffffffffffe
    RR      and, 0x0, 0xffffffff80000000, 0x3b9aca07
    RR      and, 0xfedcba9876543210, 0xfffffffffffffff6, 0xfedcba9876543210
    RR      and, 0xdc009800540010, 0xfedcba9876543210, 0xff00ff00ff00ff
    RR      and, 0x2, 0x3b9aca07, 0x2
    RR      and, 0x80000000, 0xfffffffffffffffe, 0x80000000
    RR      and, 0xac40400000083820, 0xae50c44266083924, 0xbc4c6818983c7af0
    RR      and, 0x1442011991184c8, 0xa5656b51dd55fcee, 0x114e2419b99387c9
    RR      and, 0x1201400301000009, 0x12137b87896da0c9, 0xf389c41b67921129
    RR      and, 0x28005202008200, 0xc6b848f68254d260, 0x112f915a0628af0e
    RR      and, 0x871120408685ac16, 0x877b224896cdac17, 0xa711b8f5a785ff56
    RR      and, 0x289828085a305018, 0xaa9b28c85e305c58, 0x38f86b19fb71523c

# The same register twice, and x0
    RR      and, 0x3000000e5, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      and, 0x3000000e5, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      and, 0xf123456789abcde7, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      and, 0xf123456789abcde7, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      and, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      and, 0x0, 0, 0x3000000fd, rs1=x0
    RR      and, 0x0, 0xf123456789abcde7, 0, rs2=x0
    RR      and, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      and, 0x2802860e611f2, 0x550fd36ef2e63dfa, 0x2a43965e7d3f6, rd=x20, rs1=x25, rs2=x28
    RR      and, 0xc2, 0x51f9b0c8d74035f2, 0xc3, rd=x1, rs1=x29, rs2=x4
    RR      and, 0x922008414006925, 0x5f2ab486b4006fef, 0x9e300cd1c556925, rd=x9, rs1=x19, rs2=x7
    RR      and, 0x61aa12, 0xbb3925dc6769ba12, 0x1077ef16, rd=x26, rs1=x24, rs2=x23
    RR      and, 0x8824, 0x3693f7ac0222882d, 0x1ddfb4, rd=x8, rs1=x6, rs2=x17
    RR      and, 0x415b540a103d21, 0xf0475b5fdb333d3b, 0x695f542ad07d61, rd=x16, rs1=x13, rs2=x15
    RR      and, 0x7016a, 0xcfbe02f8ec97296a, 0x7d17b, rd=x2, rs1=x10, rs2=x18
    RR      and, 0x9a109, 0xdf001fda47fbebd9, 0xda52b, rd=x5, rs1=x22, rs2=x27

    PASS
