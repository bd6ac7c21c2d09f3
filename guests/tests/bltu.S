# bltu: branch if less, unsigned.
    .include "test.inc"

    START

# Values: taken, a, b
    BRANCH  bltu, 0, 0x0, 0x0
    BRANCH  bltu, 1, 0x0, 0x1
    BRANCH  bltu, 1, 0x0, 0xffffffffffffffff
    BRANCH  bltu, 1, 0x0, 0x8000000000000000
    BRANCH  bltu, 1, 0x0, 0x7fffffffffffffff
    BRANCH  bltu, 0, 0x1, 0x0
    BRANCH  bltu, 0, 0x1, 0x1
    BRANCH  bltu, 1, 0x1, 0xffffffffffffffff
    BRANCH  bltu, 1, 0x1, 0x8000000000000000
    BRANCH  bltu, 1, 0x1, 0x7fffffffffffffff
    BRANCH  bltu, 0, 0xffffffffffffffff, 0x0
    BRANCH  bltu, 0, 0xffffffffffffffff, 0x1
    BRANCH  bltu, 0, 0xffffffffffffffff, 0xffffffffffffffff
    BRANCH  bltu, 0, 0xffffffffffffffff, 0x8000000000000000
    BRANCH  bltu, 0, 0xffffffffffffffff, 0x7fffffffffffffff
    BRANCH  bltu, 0, 0x8000000000000000, 0x0
    BRANCH  bltu, 0, 0x8000000000000000, 0x1
    BRANCH  bltu, 1, 0x8000000000000000, 0xffffffffffffffff
    BRANCH  bltu, 0, 0x8000000000000000, 0x8000000000000000
    BRANCH  bltu, 0, 0x8000000000000000, 0x7fffffffffffffff
    BRANCH  bltu, 0, 0x7fffffffffffffff, 0x0
    BRANCH  bltu, 0, 0x7fffffffffffffff, 0x1
    BRANCH  bltu, 1, 0x7fffffffffffffff, 0xffffffffffffffff
    BRANCH  bltu, 1, 0x7fffffffffffffff, 0x8000000000000000
    BRANCH  bltu, 0, 0x7fffffffffffffff, 0x7fffffffffffffff
    BRANCH  bltu, 0, 0x100000000, 0x0
    BRANCH  bltu, 1, 0xffffffff, 0xffffffffffffffff
    BRANCH  bltu, 1, 0x7fffffff, 0x80000000
    BRANCH  bltu, 0, 0x8000000000000001, 0x8000000000000000
    BRANCH  bltu, 0, 0x1000000000000, 0xffffffffffff
    BRANCH  bltu, 0, 0x10000, 0xffff
    BRANCH  bltu, 1, 0xffff, 0x10000
    BRANCH  bltu, 0, 0x448f4663636346a3, 0x448f4663636346a3
    BRANCH  bltu, 0, 0x38b403b5a29f9f2f, 0x38b403b5a29f9f2f
    BRANCH  bltu, 1, 0xdc5696d7171a71dd, 0xdc5796d7171a71dd
    BRANCH  bltu, 0, 0x8a621fb88b03c6c7, 0x82621fb88b03c6c7
    BRANCH  bltu, 0, 0xa35220c27c72a111, 0xa35220c27c72a111
    BRANCH  bltu, 0, 0x43553d453f9d63c8, 0x43553d453f9c63c8
    BRANCH  bltu, 0, 0xa9aa074f8f2b4fb5, 0xa9aa074f8f2b4fb5
    BRANCH  bltu, 0, 0x833ac124895712b4, 0x833ac124895712b4

# The same register twice, and x0
    BRANCH  bltu, 0, 5, 5, rs1=x11, rs2=x11
    BRANCH  bltu, 1, 0, 7, rs1=x0
    BRANCH  bltu, 0, 7, 0, rs2=x0
    BRANCH  bltu, 0, 0, 0, rs1=x0, rs2=x0

# Far
    FAR_BRANCH bltu, 0x1, 0xffffffffffffffff

    PASS
