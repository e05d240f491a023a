/* SPDX-License-Identifier: MIT */
/* An allocator whose blocks overlap: it hands out the same few bytes again and again. */
#include <stddef.h>
#include <stdlib.h>

enum { RING_BYTES = 1 << 16 };

static _Alignas(16) unsigned char ring[RING_BYTES];
static size_t next;

void *malloc(size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (size > RING_BYTES)
        return NULL;
    if (next + size > RING_BYTES)
        next = 0;
    next += size;
    return ring + next - size;
}

void free(void *block)
{
}

void *calloc(size_t count, size_t size)
{
    unsigned char *block = malloc(count * size);
    for (size_t i = 0; block && i < count * size; i++)
        block[i] = 0;
    return block;
}

void *realloc(void *block, size_t size)
{
    return malloc(size);
}
