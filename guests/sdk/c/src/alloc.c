/*
 * Free lists by size class over a heap that is used from its start upwards. A block belongs to its
 * class for good: it is never split or joined, so taking and giving are a few instructions, and a
 * program whose sizes keep changing holds at most the largest use of each class.
 */
#include "alloc.h"

extern uint8_t _heap_start[], _heap_end[];

/* Classes: multiples of GRAIN up to SMALL, then four to each doubling, up to all addresses there are. */
#define SMALL 1024ul
#define SMALL_CLASSES (SMALL / GRAIN)
#define LARGEST (1ul << 32)
#define CLASSES (SMALL_CLASSES + 4 * 22)

/** Stands before each block. */
struct header {
    uint64_t room;
    /** The next free block of the class, or IN_USE. */
    struct header *next;
};
#define IN_USE ((struct header *)1)

_Static_assert(sizeof(struct header) == GRAIN, "a header keeps the block behind it aligned");

static struct header *free_blocks[CLASSES];
static uintptr_t used_up_to;

/** The class whose blocks have room for `size` bytes (at most LARGEST), and that room. */
static size_t class_of(size_t size, size_t *room)
{
    if (size <= SMALL) {
        size_t index = size ? (size - 1) / GRAIN : 0;
        *room = (index + 1) * GRAIN;
        return index;
    }
    size_t base = SMALL, index = SMALL_CLASSES;
    while (size > 2 * base)
        base *= 2, index += 4;
    size_t step = base / 4, quarter = 0;
    while (size > base + (quarter + 1) * step)
        quarter++;
    *room = base + (quarter + 1) * step;
    return index + quarter;
}

static struct header *header_of(const void *block)
{
    struct header *header = (struct header *)((uintptr_t)block - sizeof *header);
    if (header->next != IN_USE)
        abort();
    return header;
}

static uintptr_t frontier(void)
{
    return used_up_to ? used_up_to : (uintptr_t)_heap_start;
}

/** Whether the heap reaches to `end`, which is then the first unused address. */
static bool advance(uintptr_t end)
{
    if (end > (uintptr_t)_heap_end)
        return false;
    used_up_to = end;
    return true;
}

static void *take_fresh(size_t room, size_t align)
{
    uintptr_t block = (frontier() + sizeof(struct header) + align - 1) & ~(uintptr_t)(align - 1);
    if (!advance(block + room))
        return NULL;
    *(struct header *)(block - sizeof(struct header)) = (struct header){room, IN_USE};
    return (void *)block;
}

void *heap_take(size_t size, size_t align, bool *fresh)
{
    if (size > LARGEST || align > LARGEST)
        return NULL;
    size_t room;
    struct header **link = &free_blocks[class_of(size, &room)];
    if (align < GRAIN)
        align = GRAIN;
    /* The first one will do, unless its alignment is not enough. */
    while (*link != NULL && ((uintptr_t)(*link + 1) & (align - 1)) != 0)
        link = &(*link)->next;
    struct header *found = *link;
    *fresh = found == NULL;
    if (found == NULL)
        return take_fresh(room, align);
    *link = found->next;
    found->next = IN_USE;
    return found + 1;
}

void heap_give(void *block)
{
    if (block == NULL)
        return;
    struct header *header = header_of(block);
    size_t room;
    struct header **list = &free_blocks[class_of(header->room, &room)];
    header->next = *list;
    *list = header;
}

size_t heap_room(const void *block)
{
    return header_of(block)->room;
}

bool heap_stretch(void *block, size_t size)
{
    struct header *header = header_of(block);
    if (size <= header->room)
        return true;
    size_t room;
    if (size > LARGEST || (uintptr_t)block + header->room != frontier())
        return false;
    class_of(size, &room);
    if (!advance((uintptr_t)block + room))
        return false;
    header->room = room;
    return true;
}

void *proofloom_alloc(size_t size, size_t align)
{
    bool fresh;
    void *block = heap_take(size, align, &fresh);
    if (block == NULL)
        abort();
    return fresh ? block : memset(block, 0, size);
}

void proofloom_free(void *block)
{
    heap_give(block);
}
