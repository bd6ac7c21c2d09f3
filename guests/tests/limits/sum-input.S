# The sum of all whole words of the input, however many there are; the output is the sum.
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      t0, 0x40000000
    ld      t1, 0(t0)
    srli    t1, t1, 3
    li      t2, 0
    beqz    t1, 2f
1:  addi    t0, t0, 8
    ld      t3, 0(t0)
    add     t2, t2, t3
    addi    t1, t1, -1
    bnez    t1, 1b
2:  li      t0, 0xf0000000
    sd      t2, 8(t0)
    li      t1, 8
    sd      t1, 0(t0)
    li      a0, 0
    li      a7, 93
    ecall
