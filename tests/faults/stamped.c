/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdint.h>

#include "export.h"
#include "scenario.h"

enum { EDGE = 64, STRIDE = 509 };

static size_t next_place(size_t k, size_t bytes)
{
    if (k < EDGE || k + EDGE >= bytes)
        return k + 1;
    size_t next = k + STRIDE;
    return next + EDGE > bytes ? bytes - EDGE : next;
}

/* Of the block's address, so that two blocks on one place don't agree. */
static unsigned char byte_at(uintptr_t address, size_t k)
{
    return (unsigned char)((address >> 4) * 31 + k * 7 + 1);
}

void stamp(struct stamped *block, void *p, size_t bytes)
{
    *block = (struct stamped){p, p ? bytes : 0};
    for (size_t k = 0; p && k < bytes; k = next_place(k, bytes))
        block->p[k] = byte_at((uintptr_t)p, k);
}

void check_stamp(const struct stamped *block, const void *p, size_t bytes)
{
    const unsigned char *now = p;
    for (size_t k = 0; k < block->bytes; k = next_place(k, block->bytes))
        if (k < bytes && now[k] != byte_at((uintptr_t)block->p, k))
            broken("a block keeps its contents: byte", k);
}

void free_stamped(struct stamped *block)
{
    if (block->p) {
        check_stamp(block, block->p, block->bytes);
        errno = 4242;
        hakmem_free(block->p);
        require(errno == 4242, "free keeps errno");
    }
    *block = (struct stamped){NULL, 0};
}

void *or_no_memory(void *p)
{
    require(p || errno == ENOMEM, "a refusal sets errno to ENOMEM");
    errno = 0;
    return p;
}

void resize_stamped(struct stamped *block, size_t bytes)
{
    void *moved = or_no_memory(hakmem_realloc(block->p, bytes));
    if (!moved) {
        require(bytes > block->bytes, "a block is never too long to be made shorter");
        check_stamp(block, block->p, block->bytes);
        return;
    }
    check_stamp(block, moved, bytes);
    stamp(block, moved, bytes);
}
