/**
 * Proofloom guest interface for C and C++.
 *
 * `read_input` and `write_output` are the two functions of the zkVM IO standard, so a guest
 * that uses only them is portable between machines that follow it.
 */
#ifndef PROOFLOOM_H
#define PROOFLOOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define PROOFLOOM_NORETURN [[noreturn]]
#else
#define PROOFLOOM_NORETURN _Noreturn
#endif

/** Exit code of `abort()`. */
#define PROOFLOOM_EXIT_ABORT 134

/**
 * Gives the private input, without copying it, and the same answer each time. Halts with
 * PROOFLOOM_EXIT_ABORT if the length is said to be more than the 256 MiB that an input may have.
 *
 * @param[out] buf_ptr  first byte, 8-byte aligned; read-only: a store to it ends the run with a trap
 * @param[out] buf_size length in bytes, possibly 0
 */
void read_input(const uint8_t **buf_ptr, size_t *buf_size);

/**
 * Appends `size` bytes to the public output. Says nothing of failure: a run whose whole output
 * exceeds the machine's limit (1 MiB unless set otherwise) is refused when it halts.
 */
void write_output(const uint8_t *output, size_t size);

/** Halts. Code 0 is success; any other code says that the run failed. */
PROOFLOOM_NORETURN void proofloom_exit(int code);

/** Halts with PROOFLOOM_EXIT_ABORT. */
PROOFLOOM_NORETURN void abort(void);

/**
 * Takes `size` zeroed bytes of the heap, aligned to `align` (a power of two). Halts with
 * PROOFLOOM_EXIT_ABORT when the heap is used up.
 */
void *proofloom_alloc(size_t size, size_t align);

/**
 * Gives back what `proofloom_alloc` or `malloc` gave: the two take from one heap. NULL does nothing.
 * Giving back twice halts with PROOFLOOM_EXIT_ABORT unless the block is in use again.
 */
void proofloom_free(void *block);

/**
 * Whether the hash functions leave their work to the machine where it can do it (`true` unless a
 * program says otherwise). Proving a permutation of Keccak takes a tenth of the time with it.
 */
extern bool proofloom_accelerate;

/* The four functions that compilers call without being asked. */
void *memcpy(void *restrict_dst, const void *restrict_src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);

#ifdef __cplusplus
}
#endif

#endif
