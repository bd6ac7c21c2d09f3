# Touches 9 MiB of memory, a word after another: more than one proof can hold.
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    la      t0, start
    li      t1, 9 << 17
1:  sd      t1, 0(t0)
    addi    t0, t0, 8
    addi    t1, t1, -1
    bnez    t1, 1b
    li      a0, 0
    li      a7, 93
    ecall

    .bss
    .balign 8
start:
    .space  8
