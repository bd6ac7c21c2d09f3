#include "rlp.h"

#define STRING 0x80
#define LIST 0xc0
#define SHORT_MAX 55 /* lengths up to this are part of the prefix byte */

/* Big-endian number of n <= 8 bytes; 0 if it has a leading zero. */
static int read_be(const uint8_t *p, size_t n, uint64_t *value)
{
    if (n > 8 || (n > 0 && p[0] == 0))
        return 0;
    *value = 0;
    for (size_t i = 0; i < n; i++)
        *value = *value << 8 | p[i];
    return 1;
}

/* Length of the payload and of what stands before it, from the prefix byte on. */
static int read_prefix(const struct rlp *in, size_t *before, uint64_t *len)
{
    uint8_t short_len = (in->at[0] & 0x3f);
    *before = 1;
    *len = short_len;
    if (short_len <= SHORT_MAX)
        return 1;
    size_t width = short_len - SHORT_MAX;
    *before = 1 + width;
    return width < in->len && read_be(in->at + 1, width, len) && *len > SHORT_MAX;
}

int rlp_next(struct rlp *in, struct rlp_item *item)
{
    size_t before = 0;
    uint64_t len = 1;
    if (in->len == 0)
        return 0;
    uint8_t prefix = in->at[0];
    if (prefix >= STRING && !read_prefix(in, &before, &len))
        return 0;
    if (len > in->len - before)
        return 0;
    const uint8_t *payload = in->at + before;
    if (prefix == STRING + 1 && payload[0] < STRING)
        return 0; /* such a byte is its own encoding */
    *item = (struct rlp_item){{payload, len}, before + len, prefix >= LIST};
    in->at += item->size;
    in->len -= item->size;
    return 1;
}

int rlp_next_u64(struct rlp *in, uint64_t *value)
{
    struct rlp rest = *in;
    struct rlp_item item;
    if (!rlp_next(&rest, &item) || item.is_list || !read_be(item.payload.at, item.payload.len, value))
        return 0;
    *in = rest;
    return 1;
}
