/*
 * A chain of SHA-256 hashes: h = H(h), starting with the 32 bytes of the seed.
 *
 *   input   u64 number of hashes (50 when absent), then 32 bytes of seed (zeros when absent)
 *   output  the last hash, 32 bytes
 */
#include "proofloom.h"
#include "zkvm_accelerators.h"

#define DEFAULT_COUNT 50
#define HASH 32

int main(void)
{
    uint64_t words[1 + HASH / 8] = {DEFAULT_COUNT};
    const uint8_t *input;
    size_t size;
    read_input(&input, &size);
    memcpy(words, input, size < sizeof words ? size : sizeof words);

    uint8_t *hash = (uint8_t *)&words[1];
    for (uint64_t i = 0; i < words[0]; i++)
        zkvm_sha256(hash, HASH, hash);
    write_output(hash, HASH);
    return 0;
}
