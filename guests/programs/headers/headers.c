/*
 * Checks that Ethereum block headers form a chain: each one's parentHash is the Keccak-256 of the
 * header before it, and its number is one more.
 *
 *   input   the RLP list of the headers, oldest first (as in a BlockHeaders message of the eth
 *           protocol); headers of any fork, that is, fields after the first fifteen are allowed
 *   output  88 bytes: u64 number and hash of the first header, u64 number and hash of the last
 *           one, u64 count; integers little-endian
 *   exit    0; 1 the input is not such a list; 2 it is empty; 3 a parentHash does not fit;
 *           4 a number does not fit
 */
#include "proofloom.h"
#include "rlp.h"
#include "zkvm_accelerators.h"

#define HASH 32
#define NUMBER_FIELD 8 /* parentHash is field 0 */
#define MIN_FIELDS 15

enum { OK, MALFORMED, EMPTY, WRONG_PARENT, WRONG_NUMBER };

struct header {
    uint64_t number;
    uint8_t hash[HASH];
    const uint8_t *parent_hash;
};

struct summary {
    uint64_t first_number;
    uint8_t first_hash[HASH];
    uint64_t last_number;
    uint8_t last_hash[HASH];
    uint64_t count;
};

/* Takes `n` items off `in`, whatever they are. */
static int skip(struct rlp *in, int n)
{
    struct rlp_item ignored;
    while (n-- > 0)
        if (!rlp_next(in, &ignored))
            return 0;
    return 1;
}

static int parse_fields(struct rlp fields, struct header *h)
{
    struct rlp_item parent, ignored;
    if (!rlp_next(&fields, &parent) || parent.is_list || parent.payload.len != HASH)
        return 0;
    h->parent_hash = parent.payload.at;
    if (!skip(&fields, NUMBER_FIELD - 1) || !rlp_next_u64(&fields, &h->number) ||
        !skip(&fields, MIN_FIELDS - NUMBER_FIELD - 1))
        return 0;
    while (fields.len > 0)
        if (!rlp_next(&fields, &ignored))
            return 0;
    return 1;
}

/* Takes one header off `in` and hashes its whole encoding. */
static int next_header(struct rlp *in, struct header *h)
{
    const uint8_t *encoding = in->at;
    struct rlp_item item;
    if (!rlp_next(in, &item) || !item.is_list || !parse_fields(item.payload, h))
        return 0;
    zkvm_keccak256(encoding, item.size, h->hash);
    return 1;
}

static int check_link(const struct summary *s, const struct header *h)
{
    if (memcmp(h->parent_hash, s->last_hash, HASH) != 0)
        return WRONG_PARENT;
    return h->number == s->last_number + 1 && h->number != 0 ? OK : WRONG_NUMBER;
}

static int follow_chain(struct rlp headers, struct summary *s)
{
    struct header h;
    while (headers.len > 0) {
        if (!next_header(&headers, &h))
            return MALFORMED;
        if (s->count > 0 && check_link(s, &h) != OK)
            return check_link(s, &h);
        if (s->count++ == 0) {
            s->first_number = h.number;
            memcpy(s->first_hash, h.hash, HASH);
        }
        s->last_number = h.number;
        memcpy(s->last_hash, h.hash, HASH);
    }
    return s->count > 0 ? OK : EMPTY;
}

int main(void)
{
    struct rlp input;
    struct rlp_item list;
    struct summary s = {0};
    read_input(&input.at, &input.len);
    if (!rlp_next(&input, &list) || !list.is_list || input.len != 0)
        return MALFORMED;
    int result = follow_chain(list.payload, &s);
    if (result == OK)
        write_output((const uint8_t *)&s, sizeof s);
    return result;
}
