/* Recursive Length Prefix, the encoding of Ethereum's data: just enough to read headers. */
#ifndef RLP_H
#define RLP_H

#include <stddef.h>
#include <stdint.h>

/** A part of the input that is read from the front. */
struct rlp {
    const uint8_t *at;
    size_t len;
};

/** One item: a byte string or a list. `payload` is inside the item; `size` counts its prefix too. */
struct rlp_item {
    struct rlp payload;
    size_t size;
    int is_list;
};

/**
 * Takes the first item off `in`. Returns 0, leaving `in` alone, if `in` is empty, the item is
 * cut off, or its length is not written in the shortest form.
 */
int rlp_next(struct rlp *in, struct rlp_item *item);

/** Takes a number of at most 8 bytes, big-endian without leading zeros. Returns 0 if it is none. */
int rlp_next_u64(struct rlp *in, uint64_t *value);

#endif
