/*
 * `headers` without the machine's accelerators: the program computes every hash itself. It shows what
 * they save, and measures what hash functions cost as ordinary instructions.
 */
#include "../headers/headers.c"
#include "../headers/rlp.c"

__attribute__((constructor)) static void do_without(void)
{
    proofloom_accelerate = false;
}
