/*
 * A chain of Keccak-256 hashes: h = H(h), starting with the 32 bytes of the seed.
 *
 * The program computes them itself, unless the input asks for the machine's accelerator.
 *
 *   input   u64 number of hashes (50 when absent), 32 bytes of seed (zeros when absent), u64 1 for the
 *           accelerator (0 when absent)
 *   output  the last hash, 32 bytes
 */
#include "proofloom.h"
#include "zkvm_accelerators.h"

#define DEFAULT_COUNT 50
#define HASH 32

int main(void)
{
    uint64_t words[1 + HASH / 8 + 1] = {DEFAULT_COUNT};
    const uint8_t *input;
    size_t size;
    read_input(&input, &size);
    memcpy(words, input, size < sizeof words ? size : sizeof words);

    proofloom_accelerate = words[1 + HASH / 8] != 0;
    uint8_t *hash = (uint8_t *)&words[1];
    for (uint64_t i = 0; i < words[0]; i++)
        zkvm_keccak256(hash, HASH, hash);
    write_output(hash, HASH);
    return 0;
}
