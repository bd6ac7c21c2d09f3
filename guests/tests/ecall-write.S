# ecall 64, write: changes nothing but a0, which is the number of bytes written under Linux and
# keeps its value in the machine. The bytes are in the output region already.
    .include "test.inc"

    .macro  KEPT reg, value
    NEXT
    EXPECT  \reg, \value
    .endm

    START

    li      x28, 0xf0000000
    la      x29, text
    ld      x27, 0(x29)
    li      x26, 7
    sd      x26, 0(x28)
    sd      x27, 8(x28)

    NEXT
    li      x13, 1001
    li      x18, -1002
    li      x1, 0x123456789abcdef
    li      x10, 1
    addi    x11, x28, 8
    li      x12, 7
    li      x17, 64
    ecall
    KEPT    x13, 1001
    KEPT    x18, -1002
    KEPT    x1, 0x123456789abcdef
    KEPT    x12, 7
    KEPT    x17, 64

# Nothing to write
    NEXT
    li      x10, 1
    li      x12, 0
    ecall
    KEPT    x12, 0
    ld      x14, 0(x28)
    KEPT    x14, 7

    PASS

    .data
    .balign 8
text:
    .ascii  "output\n\0"
