/*
 * Fails in an orderly way.
 *
 *   input   u64 exit code (7 when absent)
 *   output  "failed", written before the exit
 *   exit    the low 32 bits of the code
 */
#include "words.h"

int main(void)
{
    write_output((const uint8_t *)"failed", 6);
    proofloom_exit((int)input_word(0, 7));
}
