/* Adds up the bytes of its input. Output: the sum, 8 bytes. Exit code 1 without input. */
#include "proofloom.h"

int main(void)
{
    const uint8_t *input;
    size_t size;
    read_input(&input, &size);
    if (size == 0)
        return 1;
    uint64_t sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += input[i];
    write_output((const uint8_t *)&sum, sizeof sum);
    return 0;
}
