# sd: 64-bit store; neighbouring bytes stay.
    .include "test.inc"

    START

# value, area, address in it, offset, both words afterwards
    STORE   sd, 0x0, scratch, 0, 100, 0x0, 0x99aabbccddeeff00
    STORE   sd, 0xffffffffffffffff, scratch, 8, -99, 0x1122334455667788, 0xffffffffffffffff
    STORE   sd, 0xa480fb64c17088ca, scratch, 8, -8, 0x1122334455667788, 0xa480fb64c17088ca
    STORE   sd, 0x58417a42ad2a6023, scratch, 0, 8, 0x58417a42ad2a6023, 0x99aabbccddeeff00
    STORE   sd, 0x4c6d1ecd49856769, scratch, 0, 1, 0x4c6d1ecd49856769, 0x99aabbccddeeff00
    STORE   sd, 0x6e597d81ec966203, scratch, 0, 100, 0x6e597d81ec966203, 0x99aabbccddeeff00
    STORE   sd, 0x89cdae38c582e2b3, scratch, 0, -2048, 0x89cdae38c582e2b3, 0x99aabbccddeeff00
    STORE   sd, 0x5854cfd24018628a, scratch, 0, -3, 0x5854cfd24018628a, 0x99aabbccddeeff00

# Offsets at their limits
    STORE   sd, 0x1357924680acebdf, scratch, 0, 2047, 0x1357924680acebdf, 0x99aabbccddeeff00
    STORE   sd, 0x2468ace013579bdf, scratch, 8, -2048, 0x1122334455667788, 0x2468ace013579bdf

# Registers
    STORE   sd, 0x0, scratch, 8, 0, 0x1122334455667788, 0x0, rs2=x0
    STORE   sd, 0x55aa55aa55aa55aa, scratch, 0, -8, 0x55aa55aa55aa55aa, 0x99aabbccddeeff00, rs2=x29, rs1=x1
    STORE   sd, 0x66bb66bb66bb66bb, scratch, 8, 8, 0x1122334455667788, 0x66bb66bb66bb66bb, rs2=x1, rs1=x28

# Its own address
    NEXT
    la      x11, scratch
    sd      x0, 0(x11)
    sd      x11, 0(x11)
    ld      x12, 0(x11)
    sub     x12, x11, x12
    EXPECT  x12, 0

    PASS
    MEMORY
