/*
 * The C library's allocator, over the same heap as proofloom_alloc: a library that is linked behind
 * this one takes its memory here, and there are never two heaps.
 */
#include "alloc.h"

void *malloc(size_t size);
void free(void *block);
void cfree(void *block);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void *reallocf(void *block, size_t size);
void *reallocarray(void *block, size_t count, size_t size);
void *memalign(size_t align, size_t size);
void *aligned_alloc(size_t align, size_t size);
int posix_memalign(void **block, size_t align, size_t size);
size_t malloc_usable_size(void *block);

#define ERROR_INVALID 22   /* EINVAL */
#define ERROR_NO_MEMORY 12 /* ENOMEM */

static bool is_power_of_two(size_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

void *malloc(size_t size)
{
    bool fresh;
    return heap_take(size, GRAIN, &fresh);
}

void free(void *block)
{
    heap_give(block);
}

void cfree(void *block)
{
    heap_give(block);
}

void *calloc(size_t count, size_t size)
{
    size_t bytes;
    bool fresh;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    void *block = heap_take(bytes, GRAIN, &fresh);
    return block == NULL || fresh ? block : memset(block, 0, bytes);
}

void *realloc(void *block, size_t size)
{
    if (block == NULL)
        return malloc(size);
    if (heap_stretch(block, size))
        return block;
    void *moved = malloc(size);
    if (moved != NULL) {
        memcpy(moved, block, heap_room(block));
        heap_give(block);
    }
    return moved;
}

void *reallocf(void *block, size_t size)
{
    void *moved = realloc(block, size);
    if (moved == NULL)
        heap_give(block);
    return moved;
}

void *reallocarray(void *block, size_t count, size_t size)
{
    size_t bytes;
    return __builtin_mul_overflow(count, size, &bytes) ? NULL : realloc(block, bytes);
}

void *memalign(size_t align, size_t size)
{
    bool fresh;
    return is_power_of_two(align) ? heap_take(size, align, &fresh) : NULL;
}

void *aligned_alloc(size_t align, size_t size)
{
    return memalign(align, size);
}

int posix_memalign(void **block, size_t align, size_t size)
{
    if (!is_power_of_two(align) || align < sizeof(void *))
        return ERROR_INVALID;
    void *taken = memalign(align, size);
    if (taken == NULL)
        return ERROR_NO_MEMORY;
    *block = taken;
    return 0;
}

size_t malloc_usable_size(void *block)
{
    return block == NULL ? 0 : heap_room(block);
}
