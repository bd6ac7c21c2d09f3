# mul: low half of the product.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      mul, 0x0, 0x0, 0x0
    RR      mul, 0x0, 0x0, 0x1
    RR      mul, 0x0, 0x0, 0xffffffffffffffff
    RR      mul, 0x0, 0x0, 0x8000000000000000
    RR      mul, 0x0, 0x0, 0x7fffffffffffffff
    RR      mul, 0x0, 0x1, 0x0
    RR      mul, 0x1, 0x1, 0x1
    RR      mul, 0xffffffffffffffff, 0x1, 0xffffffffffffffff
    RR      mul, 0x8000000000000000, 0x1, 0x8000000000000000
    RR      mul, 0x7fffffffffffffff, 0x1, 0x7fffffffffffffff
    RR      mul, 0x0, 0xffffffffffffffff, 0x0
    RR      mul, 0xffffffffffffffff, 0xffffffffffffffff, 0x1
    RR      mul, 0x1, 0xffffffffffffffff, 0xffffffffffffffff
    RR      mul, 0x8000000000000000, 0xffffffffffffffff, 0x8000000000000000
    RR      mul, 0x8000000000000001, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      mul, 0x0, 0x8000000000000000, 0x0
    RR      mul, 0x8000000000000000, 0x8000000000000000, 0x1
    RR      mul, 0x8000000000000000, 0x8000000000000000, 0xffffffffffffffff
    RR      mul, 0x0, 0x8000000000000000, 0x8000000000000000
    RR      mul, 0x8000000000000000, 0x8000000000000000, 0x7fffffffffffffff
    RR      mul, 0x0, 0x7fffffffffffffff, 0x0
    RR      mul, 0x7fffffffffffffff, 0x7fffffffffffffff, 0x1
    RR      mul, 0x8000000000000001, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      mul, 0x8000000000000000, 0x7fffffffffffffff, 0x8000000000000000
    RR      mul, 0x1, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      mul, 0xfffffffe00000001, 0xffffffff, 0xffffffff
    RR      mul, 0xffffffffffffffeb, 0xfffffffffffffffd, 0x7
    RR      mul, 0x7fffffff53a6cf5c, 0xb504f334, 0xb504f333
    RR      mul, 0x1000000000001, 0x10001, 0xffff0001
    RR      mul, 0x100000000, 0xfffffffffffffffe, 0xffffffff80000000
    RR      mul, 0x4000000000000000, 0x8000000080000000, 0x8000000080000000
    RR      mul, 0x89abcdef00000000, 0x123456789abcdef, 0x100000000
    RR      mul, 0xaaaaaaaaaaaaaaae, 0x5555555555555555, 0xfffffffffffffff6
    RR      mul, 0xffff000000000000, 0x100000000, 0xffff0000
    RR      mul, 0x80000000, 0x7fffffff80000000, 0xffffffff
    RR      mul, 0xffffffffff010000, 0xffff0000, 0xff00ff00ff00ff
    RR      mul, 0x7f807f807f00ff01, 0xff00ff00ff00ff, 0x7fffffff
    RR      mul, 0xc4d5e6f780000000, 0x80000000, 0x123456789abcdef
    RR      mul, 0x5555555500000000, 0xaaaaaaaaaaaaaaaa, 0x8000000080000000
    RR      mul, 0xfffd0002fffd0000, 0xffff0000ffff0000, 0x3
    RR      mul, 0x3c4d5e6f89abcdf0, 0xfedcba9876543210, 0x7fffffff
    RR      mul, 0x7fffffff00000000, 0x7fffffff, 0x100000000
    RR      mul, 0x2d1b8311cd93c220, 0xe688d3048f29a3bd, 0x32fc0c5a4823dca0
    RR      mul, 0xcf6d2a024c73e173, 0x18d4ca94eced3515, 0x47179df0c982ee67
    RR      mul, 0x852254e01f00ce9c, 0xcda345d41f77193b, 0xb70ed2e09b7b2214
    RR      mul, 0xc20b640f9599037e, 0x786fe8b52e4de1ba, 0x4853d29a4a4254b
    RR      mul, 0x6bc253f2d2367ce9, 0xc2b4b32987469d4f, 0x624f8d83e5726447
    RR      mul, 0xa009ad4f27c47614, 0x55348827619cd2e, 0x303c6a85af63b886

# The same register twice, and x0
    RR      mul, 0xecdf01080eca7d4b, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      mul, 0xecdf01080eca7d4b, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      mul, 0xea718b8ff635c671, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      mul, 0xea718b8ff635c671, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      mul, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      mul, 0x0, 0, 0x3000000fd, rs1=x0
    RR      mul, 0x0, 0xf123456789abcde7, 0, rs2=x0
    RR      mul, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      mul, 0xe27cea5ac0dc46e8, 0x9dd27fddaa10cfde, 0x1527ad0bfcc, rd=x18, rs1=x4, rs2=x10
    RR      mul, 0x1b9e468ba206add8, 0xad674fef4df2ae38, 0x36f2cd7306d, rd=x2, rs1=x26, rs2=x25
    RR      mul, 0x933054b0a88e7f58, 0xc86382d6c92dbfc8, 0x1fd5b121dfe803, rd=x6, rs1=x8, rs2=x9
    RR      mul, 0x2fdc4d267d8c5b60, 0x67d5b528056e6fdc, 0xa79e8, rd=x1, rs1=x28, rs2=x23
    RR      mul, 0x9e97d235b8451a89, 0xe5cc45ec2a93034f, 0x356e6ea7, rd=x17, rs1=x20, rs2=x16
    RR      mul, 0xb58a8906c92155a2, 0x5b00629c628efc92, 0xd649e2756ce06849, rd=x13, rs1=x21, rs2=x22
    RR      mul, 0x5f2ce24141e5f42, 0x52720bf9eb8b16de, 0x4cb18adef, rd=x29, rs1=x27, rs2=x5
    RR      mul, 0x5f090fc0d559751a, 0x5336f4caaacd1d7e, 0x15f4ed5b3, rd=x19, rs1=x7, rs2=x24

    PASS
