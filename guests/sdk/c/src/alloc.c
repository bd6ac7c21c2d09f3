/* A bump allocator: a guest runs once and for a short time, so nothing is ever freed. */
#include "proofloom.h"

extern uint8_t _heap_start[], _heap_end[];

void *proofloom_alloc(size_t size, size_t align)
{
    static uintptr_t used_up_to;
    uintptr_t from = used_up_to ? used_up_to : (uintptr_t)_heap_start;
    from = (from + align - 1) & ~(uintptr_t)(align - 1);
    if (size > (uintptr_t)_heap_end - from)
        abort();
    used_up_to = from + size;
    return (void *)from;
}
