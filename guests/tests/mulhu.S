# mulhu: high half, unsigned by unsigned.
    .include "test.inc"

    START

# Values: expected, a, b
    RR      mulhu, 0x0, 0x0, 0x0
    RR      mulhu, 0x0, 0x0, 0x1
    RR      mulhu, 0x0, 0x0, 0xffffffffffffffff
    RR      mulhu, 0x0, 0x0, 0x8000000000000000
    RR      mulhu, 0x0, 0x0, 0x7fffffffffffffff
    RR      mulhu, 0x0, 0x1, 0x0
    RR      mulhu, 0x0, 0x1, 0x1
    RR      mulhu, 0x0, 0x1, 0xffffffffffffffff
    RR      mulhu, 0x0, 0x1, 0x8000000000000000
    RR      mulhu, 0x0, 0x1, 0x7fffffffffffffff
    RR      mulhu, 0x0, 0xffffffffffffffff, 0x0
    RR      mulhu, 0x0, 0xffffffffffffffff, 0x1
    RR      mulhu, 0xfffffffffffffffe, 0xffffffffffffffff, 0xffffffffffffffff
    RR      mulhu, 0x7fffffffffffffff, 0xffffffffffffffff, 0x8000000000000000
    RR      mulhu, 0x7ffffffffffffffe, 0xffffffffffffffff, 0x7fffffffffffffff
    RR      mulhu, 0x0, 0x8000000000000000, 0x0
    RR      mulhu, 0x0, 0x8000000000000000, 0x1
    RR      mulhu, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff
    RR      mulhu, 0x4000000000000000, 0x8000000000000000, 0x8000000000000000
    RR      mulhu, 0x3fffffffffffffff, 0x8000000000000000, 0x7fffffffffffffff
    RR      mulhu, 0x0, 0x7fffffffffffffff, 0x0
    RR      mulhu, 0x0, 0x7fffffffffffffff, 0x1
    RR      mulhu, 0x7ffffffffffffffe, 0x7fffffffffffffff, 0xffffffffffffffff
    RR      mulhu, 0x3fffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000
    RR      mulhu, 0x3fffffffffffffff, 0x7fffffffffffffff, 0x7fffffffffffffff
    RR      mulhu, 0x0, 0xffffffff, 0xffffffff
    RR      mulhu, 0x6, 0xfffffffffffffffd, 0x7
    RR      mulhu, 0x0, 0xb504f334, 0xb504f333
    RR      mulhu, 0x0, 0x10001, 0xffff0001
    RR      mulhu, 0x0, 0xff00ff00ff00ff, 0x3
    RR      mulhu, 0x43d11c, 0x123456789abcdef, 0x3b9aca07
    RR      mulhu, 0xfffeffff, 0xffffffff, 0xffff0000ffff0000
    RR      mulhu, 0x2, 0xfffffffffffffff6, 0x3
    RR      mulhu, 0x1, 0x100000000, 0x100000000
    RR      mulhu, 0x7fff7fff, 0xffff0000, 0x7fffffff80000000
    RR      mulhu, 0x0, 0x7fffffff, 0x100000000
    RR      mulhu, 0x0, 0x2, 0x3b9aca07
    RR      mulhu, 0x611722833944a4, 0x5555555555555555, 0x123456789abcdef
    RR      mulhu, 0xff00ff, 0xff00ff00ff00ff, 0x100000000
    RR      mulhu, 0x3b5f6a, 0x3b9aca07, 0xff00ff00ff00ff
    RR      mulhu, 0xfeffff, 0xff00ff00ff00ff, 0xffff0000
    RR      mulhu, 0x55555554, 0x5555555555555555, 0xffffffff
    RR      mulhu, 0x5e3591865fdff225, 0xfaccf291a43a1c0f, 0x60298ea28778f1fd
    RR      mulhu, 0x5ae78f855ad4c969, 0x9bc08f343c142ecb, 0x9569fd6fa01fc6f9
    RR      mulhu, 0x3f324defe0fc9674, 0x810421cd89288966, 0x7d65c40bf1d04c18
    RR      mulhu, 0x4bc595dba15ee960, 0x5e3b1a4b16ad7802, 0xcdda096f797c314e
    RR      mulhu, 0xa13a2435502c62b1, 0xbadc346a8650f86b, 0xdce1eb20468688c6
    RR      mulhu, 0x10e4b8cefc0c898, 0x12f6a0aa8a20403, 0xe40e6f12906feb2c

# The same register twice, and x0
    RR      mulhu, 0x2d369d124, 0xf123456789abcde7, 0x3000000fd, rd=x11
    RR      mulhu, 0x2d369d124, 0xf123456789abcde7, 0x3000000fd, rd=x12
    RR      mulhu, 0xe3236d88fe5618bd, 0xf123456789abcde7, 0xf123456789abcde7, rs1=x11, rs2=x11
    RR      mulhu, 0xe3236d88fe5618bd, 0xf123456789abcde7, 0xf123456789abcde7, rd=x13, rs1=x13, rs2=x13
    RR      mulhu, 0, 0xf123456789abcde7, 0x3000000fd, rd=x0
    RR      mulhu, 0x0, 0, 0x3000000fd, rs1=x0
    RR      mulhu, 0x0, 0xf123456789abcde7, 0, rs2=x0
    RR      mulhu, 0x0, 0, 0, rs1=x0, rs2=x0

# Other registers
    RR      mulhu, 0xa1145b2bcf89, 0x38249d97f1717fcd, 0x2de7ccfdbdf16, rd=x15, rs1=x25, rs2=x8
    RR      mulhu, 0x70, 0x8bf509704846d1c3, 0xcd, rd=x19, rs1=x27, rs2=x18
    RR      mulhu, 0x68aa49968b9, 0x5c22d6c28f294310, 0x122cfe43614c, rd=x1, rs1=x20, rs2=x29
    RR      mulhu, 0xe4c432ee3b5e, 0xd1cfad61ceda5030, 0x11720c6e5ccc7, rd=x23, rs1=x13, rs2=x6
    RR      mulhu, 0x43b8de226e5, 0xa83eb31a63ba1011, 0x670ba058256, rd=x21, rs1=x4, rs2=x24
    RR      mulhu, 0x7206cfaf1a83, 0x9ab3b2ff73806adf, 0xbcb0ce55ca7e, rd=x16, rs1=x17, rs2=x26
    RR      mulhu, 0x8c, 0x3168d09771ff7e50, 0x2d6, rd=x5, rs1=x7, rs2=x28
    RR      mulhu, 0x703, 0x49934282843d35eb, 0x1868, rd=x2, rs1=x10, rs2=x22

    PASS
