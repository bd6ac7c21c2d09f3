# xori: exclusive or with an immediate.
    .include "test.inc"

    START

# Values: expected, a, immediate
    RI      xori, 0x0, 0x0, 0
    RI      xori, 0x1, 0x0, 1
    RI      xori, 0xffffffffffffffff, 0x0, -1
    RI      xori, 0x7ff, 0x0, 2047
    RI      xori, 0xfffffffffffff800, 0x0, -2048
    RI      xori, 0x1, 0x1, 0
    RI      xori, 0x0, 0x1, 1
    RI      xori, 0xfffffffffffffffe, 0x1, -1
    RI      xori, 0x7fe, 0x1, 2047
    RI      xori, 0xfffffffffffff801, 0x1, -2048
    RI      xori, 0xffffffffffffffff, 0xffffffffffffffff, 0
    RI      xori, 0xfffffffffffffffe, 0xffffffffffffffff, 1
    RI      xori, 0x0, 0xffffffffffffffff, -1
    RI      xori, 0xfffffffffffff800, 0xffffffffffffffff, 2047
    RI      xori, 0x7ff, 0xffffffffffffffff, -2048
    RI      xori, 0x8000000000000000, 0x8000000000000000, 0
    RI      xori, 0x8000000000000001, 0x8000000000000000, 1
    RI      xori, 0x7fffffffffffffff, 0x8000000000000000, -1
    RI      xori, 0x80000000000007ff, 0x8000000000000000, 2047
    RI      xori, 0x7ffffffffffff800, 0x8000000000000000, -2048
    RI      xori, 0x7fffffffffffffff, 0x7fffffffffffffff, 0
    RI      xori, 0x7ffffffffffffffe, 0x7fffffffffffffff, 1
    RI      xori, 0x8000000000000000, 0x7fffffffffffffff, -1
    RI      xori, 0x7ffffffffffff800, 0x7fffffffffffffff, 2047
    RI      xori, 0x80000000000007ff, 0x7fffffffffffffff, -2048
    RI      xori, 0x7fffffff80000555, 0x7fffffff80000000, 1365
    RI      xori, 0x100000002, 0x100000000, 2
    RI      xori, 0xfffffffefffffffb, 0x100000000, -5
    RI      xori, 0x3b9aca07, 0x3b9aca07, 0
    RI      xori, 0x7fffffff80000555, 0x7fffffff80000000, 1365
    RI      xori, 0xffffffffffffffff, 0xfffffffffffffffe, 1
    RI      xori, 0x7fffffff7fffffff, 0x8000000080000000, -1
    RI      xori, 0xffff07ff, 0xffff0000, 2047
    RI      xori, 0x7fffffff80000064, 0x7fffffff80000000, 100
    RI      xori, 0x7fffffff7ffffffb, 0x8000000080000000, -5
    RI      xori, 0xffff0000ffff07ff, 0xffff0000ffff0000, 2047
    RI      xori, 0xffff0000ffff07ff, 0xffff0000ffff0000, 2047
    RI      xori, 0xffffffffffffff92, 0xfffffffffffffff6, 100
    RI      xori, 0x5555555555555551, 0xaaaaaaaaaaaaaaaa, -5
    RI      xori, 0xffffffff80000000, 0x7fffffff, -1
    RI      xori, 0xffffffff80000064, 0xffffffff80000000, 100
    RI      xori, 0x7f6, 0xfffffffffffffff6, -2048
    RI      xori, 0xffffffff0000f800, 0xffff0000, -2048
    RI      xori, 0x0, 0x2, 2
    RI      xori, 0xfedcba9876543212, 0xfedcba9876543210, 2
    RI      xori, 0xfffffffffffffaa3, 0xfffffffffffffff6, 1365
    RI      xori, 0x0, 0x5, 5
    RI      xori, 0x0, 0xfffffffffffffffb, -5
    RI      xori, 0x7ffffffe, 0x7fffffff, 1
    RI      xori, 0xfffffffe, 0xffffffff, 1

# The same register twice, and x0
    RI      xori, 0xedcba987654333a, 0xf123456789abcde7, -291, rd=x11
    RI      xori, 0, 0xf123456789abcde7, -291, rd=x0
    RI      xori, 0xfffffffffffffedd, 0, -291, rs1=x0

# Other registers
    RI      xori, 0x6b6536581698a922, 0x949ac9a7e96757ac, -370, rd=x9, rs1=x25
    RI      xori, 0x8fd999d12223d373, 0x8fd999d12223d3e4, 151, rd=x23, rs1=x1
    RI      xori, 0x70f036bf6cbc9add, 0x70f036bf6cbc9d70, 1965, rd=x26, rs1=x22
    RI      xori, 0xba72afcd0cbf1069, 0x458d5032f340ea7d, -1516, rd=x19, rs1=x29
    RI      xori, 0x5346fbedcee35e05, 0x5346fbedcee35aa9, 1196, rd=x17, rs1=x16
    RI      xori, 0xe43997d94b44ad19, 0x1bc66826b4bb50c5, -548, rd=x5, rs1=x6
    RI      xori, 0xd150436144f7e5ce, 0xd150436144f7e116, 1240, rd=x27, rs1=x21
    RI      xori, 0x846d3e0d6349a674, 0x846d3e0d6349a4bf, 715, rd=x7, rs1=x8

    PASS
