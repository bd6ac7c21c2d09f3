/* The heap, shared by proofloom_alloc and the C library's functions. */
#ifndef ALLOC_H
#define ALLOC_H

#include "proofloom.h"

/** Alignment that every block has. */
#define GRAIN 16ul

/** A block of at least `size` bytes aligned to `align` (a power of two), or NULL; `*fresh`: it is all zero. */
void *heap_take(size_t size, size_t align, bool *fresh);

/** Gives a block back; NULL does nothing, and a block that is not in use ends the run by abort(). */
void heap_give(void *block);

/** Bytes that a block in use has room for. */
size_t heap_room(const void *block);

/** Whether the block now has room for `size` bytes where it lies. */
bool heap_stretch(void *block, size_t size);

#endif
