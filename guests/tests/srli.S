# srli: logical shift right by the immediate.
    .include "test.inc"

    START

# Values: expected, a, immediate
    RI      srli, 0x1, 0x1, 0
    RI      srli, 0x0, 0x1, 1
    RI      srli, 0x0, 0x1, 2
    RI      srli, 0x0, 0x1, 16
    RI      srli, 0x0, 0x1, 31
    RI      srli, 0x0, 0x1, 32
    RI      srli, 0x0, 0x1, 33
    RI      srli, 0x0, 0x1, 63
    RI      srli, 0xffffffffffffffff, 0xffffffffffffffff, 0
    RI      srli, 0x7fffffffffffffff, 0xffffffffffffffff, 1
    RI      srli, 0x3fffffffffffffff, 0xffffffffffffffff, 2
    RI      srli, 0xffffffffffff, 0xffffffffffffffff, 16
    RI      srli, 0x1ffffffff, 0xffffffffffffffff, 31
    RI      srli, 0xffffffff, 0xffffffffffffffff, 32
    RI      srli, 0x7fffffff, 0xffffffffffffffff, 33
    RI      srli, 0x1, 0xffffffffffffffff, 63
    RI      srli, 0x8765432187654321, 0x8765432187654321, 0
    RI      srli, 0x43b2a190c3b2a190, 0x8765432187654321, 1
    RI      srli, 0x21d950c861d950c8, 0x8765432187654321, 2
    RI      srli, 0x10eca86430eca86, 0x8765432187654321, 7
    RI      srli, 0x10eca86430eca, 0x8765432187654321, 15
    RI      srli, 0x876543218765, 0x8765432187654321, 16
    RI      srli, 0x10eca8643, 0x8765432187654321, 31
    RI      srli, 0x87654321, 0x8765432187654321, 32
    RI      srli, 0x43b2a190, 0x8765432187654321, 33
    RI      srli, 0x10eca, 0x8765432187654321, 47
    RI      srli, 0x8765, 0x8765432187654321, 48
    RI      srli, 0x2, 0x8765432187654321, 62
    RI      srli, 0x1, 0x8765432187654321, 63
    RI      srli, 0x7fffffffffffffff, 0x7fffffffffffffff, 0
    RI      srli, 0x3fffffffffffffff, 0x7fffffffffffffff, 1
    RI      srli, 0x1fffffffffffffff, 0x7fffffffffffffff, 2
    RI      srli, 0xffffffffffffff, 0x7fffffffffffffff, 7
    RI      srli, 0xffffffffffff, 0x7fffffffffffffff, 15
    RI      srli, 0x7fffffffffff, 0x7fffffffffffffff, 16
    RI      srli, 0xffffffff, 0x7fffffffffffffff, 31
    RI      srli, 0x7fffffff, 0x7fffffffffffffff, 32
    RI      srli, 0x3fffffff, 0x7fffffffffffffff, 33
    RI      srli, 0xffff, 0x7fffffffffffffff, 47
    RI      srli, 0x7fff, 0x7fffffffffffffff, 48
    RI      srli, 0x1, 0x7fffffffffffffff, 62
    RI      srli, 0x0, 0x7fffffffffffffff, 63
    RI      srli, 0x8000000000000000, 0x8000000000000000, 0
    RI      srli, 0x4000000000000000, 0x8000000000000000, 1
    RI      srli, 0x2000000000000000, 0x8000000000000000, 2
    RI      srli, 0x100000000000000, 0x8000000000000000, 7
    RI      srli, 0x1000000000000, 0x8000000000000000, 15
    RI      srli, 0x800000000000, 0x8000000000000000, 16
    RI      srli, 0x100000000, 0x8000000000000000, 31
    RI      srli, 0x80000000, 0x8000000000000000, 32
    RI      srli, 0x40000000, 0x8000000000000000, 33
    RI      srli, 0x10000, 0x8000000000000000, 47
    RI      srli, 0x8000, 0x8000000000000000, 48
    RI      srli, 0x2, 0x8000000000000000, 62
    RI      srli, 0x1, 0x8000000000000000, 63

# The same register twice, and x0
    RI      srli, 0x7891a2b3c4d5e, 0xf123456789abcde7, 13, rd=x11
    RI      srli, 0, 0xf123456789abcde7, 13, rd=x0
    RI      srli, 0x0, 0, 13, rs1=x0

# Other registers
    RI      srli, 0x17209a0590, 0x17209a0590154474, 24, rd=x28, rs1=x6
    RI      srli, 0x129be4daa21e, 0x2537c9b5443c9a25, 17, rd=x20, rs1=x5
    RI      srli, 0x7663678c24a, 0xecc6cf18495063d8, 21, rd=x7, rs1=x29
    RI      srli, 0x66e499cd313, 0xcdc9339a626f9cd5, 21, rd=x4, rs1=x2
    RI      srli, 0x1f99ca0eca2, 0xfcce5076510f02ce, 23, rd=x16, rs1=x17
    RI      srli, 0x3283a57e53, 0x65074afca692029, 21, rd=x15, rs1=x1
    RI      srli, 0xb39a38dd9ea6c6e, 0xb39a38dd9ea6c6ee, 4, rd=x21, rs1=x18
    RI      srli, 0x2f686ce92, 0x5ed0d9d252b13cb3, 29, rd=x9, rs1=x19

    PASS
