/*
 * Shows how long the input is said to be, and nothing of it.
 *
 *   output  the length (u64)
 */
#include "proofloom.h"

int main(void)
{
    const uint8_t *input;
    size_t size;
    read_input(&input, &size);
    uint64_t length = size;
    write_output((const uint8_t *)&length, sizeof length);
    return 0;
}
