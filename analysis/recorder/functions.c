/* SPDX-License-Identifier: MIT */
/* malloc and its family as the program sees them: the next library's, and a record of each call
 * that gave or took a block. */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "next.h"
#include "recording.h"

#define PUBLIC __attribute__((visibility("default")))

PUBLIC void *malloc(size_t bytes)
{
    const struct next *next = next_functions();
    if (!next)
        return early_block(0, bytes);
    bool records = recording_enter();
    void *block = next->malloc(bytes);
    if (records) {
        if (block)
            recording_add(RAW_MALLOC, block, bytes, 0);
        recording_leave();
    }
    return block;
}

PUBLIC void *calloc(size_t count, size_t bytes)
{
    const struct next *next = next_functions();
    if (!next)
        return early_block(0, count * bytes);
    bool records = recording_enter();
    void *block = next->calloc(count, bytes);
    if (records) {
        if (block)
            recording_add(RAW_CALLOC, block, count * bytes, 0);
        recording_leave();
    }
    return block;
}

PUBLIC void free(void *block)
{
    if (!block || early_is(block))
        return;
    bool records = recording_enter();
    if (records)
        recording_add(RAW_FREE, block, 0, 0);
    next_functions()->free(block);
    if (records)
        recording_leave();
}

PUBLIC void *realloc(void *block, size_t bytes)
{
    if (block && early_is(block))
        return early_leave(block, bytes);
    const struct next *next = next_functions();
    if (!next)
        return early_block(0, bytes);
    bool records = recording_enter();
    if (records && block)
        recording_add(RAW_REALLOC_START, block, 0, 0);
    void *moved = next->realloc(block, bytes);
    if (records) {
        if (block || moved)
            recording_add(RAW_REALLOC_END, moved, bytes, 0);
        recording_leave();
    }
    return moved;
}

static void *note_aligned(bool records, void *block, size_t bytes, size_t alignment)
{
    if (records) {
        if (block)
            recording_add(RAW_ALIGNED, block, bytes, alignment);
        recording_leave();
    }
    return block;
}

PUBLIC void *memalign(size_t alignment, size_t bytes)
{
    const struct next *next = next_functions();
    if (!next)
        return early_block(alignment, bytes);
    bool records = recording_enter();
    return note_aligned(records, next->memalign(alignment, bytes), bytes, alignment);
}

PUBLIC void *aligned_alloc(size_t alignment, size_t bytes)
{
    const struct next *next = next_functions();
    if (!next)
        return early_block(alignment, bytes);
    bool records = recording_enter();
    return note_aligned(records, next->aligned_alloc(alignment, bytes), bytes, alignment);
}

PUBLIC int posix_memalign(void **result, size_t alignment, size_t bytes)
{
    const struct next *next = next_functions();
    if (!next)
        return (*result = early_block(alignment, bytes)) ? 0 : ENOMEM;
    bool records = recording_enter();
    int error = next->posix_memalign(result, alignment, bytes);
    note_aligned(records, error ? NULL : *result, bytes, alignment);
    return error;
}

PUBLIC void *valloc(size_t bytes)
{
    const struct next *next = next_functions();
    size_t page = (size_t)getpagesize();
    if (!next)
        return early_block(page, bytes);
    bool records = recording_enter();
    return note_aligned(records, next->valloc(bytes), bytes, page);
}

PUBLIC void *pvalloc(size_t bytes)
{
    const struct next *next = next_functions();
    size_t page = (size_t)getpagesize(), whole = (bytes + page - 1) & ~(page - 1);
    if (!next)
        return early_block(page, whole);
    bool records = recording_enter();
    return note_aligned(records, next->pvalloc(bytes), whole, page);
}
