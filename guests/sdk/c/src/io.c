/* Input, output and halting, as the machine defines them. */
#include "proofloom.h"

#define INPUT_BASE 0x40000000ul
#define INPUT_MAX_BYTES (256ul << 20)
#define OUTPUT_BASE 0xf0000000ul
/* Linux numbers: an emulator of Linux programs runs the same file and shows the same output. */
#define ECALL_WRITE 64
#define ECALL_EXIT 93
#define STDOUT 1

struct region {
    uint64_t length;
    uint8_t bytes[];
};

void read_input(const uint8_t **buf_ptr, size_t *buf_size)
{
    const struct region *input = (const struct region *)INPUT_BASE;
    /* The length comes from the prover. Behind a greater one there is no memory to go with it. */
    uint64_t length = input->length;
    if (length > INPUT_MAX_BYTES)
        abort();
    *buf_ptr = input->bytes;
    *buf_size = length;
}

/* A no-op in the machine, which has the bytes in its output region already. */
static void show_under_linux(const uint8_t *bytes, size_t size)
{
    register long a0 __asm__("a0") = STDOUT;
    register const uint8_t *a1 __asm__("a1") = bytes;
    register size_t a2 __asm__("a2") = size;
    register long a7 __asm__("a7") = ECALL_WRITE;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
}

void write_output(const uint8_t *output, size_t size)
{
    struct region *out = (struct region *)OUTPUT_BASE;
    memcpy(out->bytes + out->length, output, size);
    out->length += size;
    show_under_linux(output, size);
}

void proofloom_exit(int code)
{
    register long a0 __asm__("a0") = code;
    register long a7 __asm__("a7") = ECALL_EXIT;
    __asm__ volatile("ecall" : : "r"(a0), "r"(a7) : "memory");
    __builtin_unreachable();
}

void abort(void)
{
    proofloom_exit(PROOFLOOM_EXIT_ABORT);
}
