# Start of every C and C++ guest. The machine starts here with all registers zero and
# all memory outside the file's contents zero, so there is no bss to clear.

    .section .text.start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    .option push
    .option norelax             # gp is not set yet, so nothing may be relaxed to it
    la      gp, __global_pointer$
    .option pop
    la      sp, __stack_top
    la      tp, __tls_base      # thread-locals of the only thread
    la      s0, __init_array_start
    la      s1, __init_array_end
    call    run_functions       # constructors of static objects
    call    main
    tail    proofloom_return
    .size _start, . - _start

# Calls each function of the table [s0, s1).
run_functions:
    mv      s3, ra
1:  bgeu    s0, s1, 2f
    ld      t0, 0(s0)
    addi    s0, s0, 8
    jalr    t0
    j       1b
2:  jr      s3

# What happens when main has returned: destructors of static objects, then the end. A C library
# brings its own, which also does what atexit asked for.
    .section .text.proofloom_return, "ax", @progbits
    .weak   proofloom_return
    .type proofloom_return, @function
proofloom_return:
    mv      s2, a0
    la      s0, __fini_array_start
    la      s1, __fini_array_end
    call    run_functions
    mv      a0, s2
    tail    proofloom_exit
    .size proofloom_return, . - proofloom_return
