/* SPDX-License-Identifier: MIT */
#include "large.h"

#include <string.h>

#include "arena.h"
#include "counters.h"
#include "hakmem_probes.h"
#include "huge.h"
#include "misuse.h"
#include "os.h"

enum {
    GRAIN =
        4096, /* of a block's length: a program that wants a little more than a unit gets that */
    /* Bytes from which moving page tables is cheaper than copying. To memory that holds pages
     * already only far more is: they are lost, and the old place has to be filled anew. */
    MOVE_MIN = 256 * 1024,
    MOVE_MIN_DIRTY = 4 * 1024 * 1024,
    MOVES_MAX = 4096, /* each may split a mapping for good, and a process has 65,530 of them */
};

static uint32_t moves; /* any thread, atomically */

static size_t units_of(size_t bytes)
{
    return (bytes + HAK_SLAB_BYTES - 1) >> HAK_SLAB_SHIFT;
}

/* Notes how much of its span a block uses: copying the rest would only touch pages. Returns it. */
static size_t set_bytes(uint32_t unit, size_t bytes)
{
    size_t rounded = (bytes + GRAIN - 1) & ~(size_t)(GRAIN - 1);
    hak_arena.records[unit].bytes = rounded;
    return rounded;
}

void *hak_large_malloc(size_t bytes, size_t alignment, bool *zero)
{
    if (bytes == 0)
        bytes = 1;
    if (bytes > PTRDIFF_MAX)
        return NULL;
    size_t align_units = alignment > HAK_SLAB_BYTES ? alignment >> HAK_SLAB_SHIFT : 1;
    uint32_t unit = hak_arena_take(units_of(bytes), align_units, HAK_WORD_LARGE, zero);
    void *block;
    if (unit != HAK_NO_UNIT) {
        block = hak_unit_address(unit);
        bytes = set_bytes(unit, bytes);
        hak_count_malloc(HAK_CLASS_LARGE);
    } else {
        block = hak_huge_malloc(bytes, alignment);
        if (!block)
            return NULL;
        if (zero)
            *zero = true;
        bytes = hak_huge_bytes(block);
        hak_count_malloc(HAK_CLASS_HUGE);
    }
    hak_count_add(HAK_COUNT_large_bytes_allocated, bytes);
    HAK_PROBE2(large_malloc, (uintptr_t)block, bytes);
    return block;
}

size_t hak_large_bytes(const void *block)
{
    const struct hak_unit *record = &hak_arena.records[hak_unit_of(block)];
    hak_must_hold(record->bytes <= (size_t)record->units << HAK_SLAB_SHIFT, record,
                  "a large block's record");
    return record->bytes;
}

static void count_freed(void *block)
{
    size_t bytes = hak_large_bytes(block);
    HAK_PROBE2(large_free, (uintptr_t)block, bytes);
    hak_count_free(HAK_CLASS_LARGE);
    hak_count_add(HAK_COUNT_large_bytes_freed, bytes);
}

void hak_large_free(void *block)
{
    count_freed(block);
    hak_arena_give(hak_unit_of(block));
}

static size_t span_bytes(const void *block)
{
    return (size_t)hak_arena.records[hak_unit_of(block)].units << HAK_SLAB_SHIFT;
}

static bool resize_in_place(void *block, size_t bytes)
{
    uint32_t unit = hak_unit_of(block);
    if (bytes > PTRDIFF_MAX)
        return false;
    size_t old = hak_large_bytes(block);
    if (units_of(bytes) != hak_arena.records[unit].units &&
        !hak_arena_resize(unit, units_of(bytes)))
        return false;
    size_t now = set_bytes(unit, bytes);
    if (now > old)
        hak_count_add(HAK_COUNT_large_bytes_allocated, now - old);
    else
        hak_count_add(HAK_COUNT_large_bytes_freed, old - now);
    return true;
}

/* Bytes behind an address that hak_large_malloc returned. */
static size_t room_of(const void *block)
{
    bool in_arena = ((uintptr_t)block - hak_arena.base) >> HAK_SLAB_SHIFT < hak_arena.reserved;
    return in_arena ? span_bytes(block) : hak_huge_bytes(block);
}

static bool is_worth_moving(size_t bytes, bool to_zero)
{
    return bytes >= (to_zero ? MOVE_MIN : MOVE_MIN_DIRTY) &&
           __atomic_load_n(&moves, __ATOMIC_RELAXED) < MOVES_MAX;
}

/* Moves all pages of a span, also those its block does not use, so that none is left behind; or
 * copies the block. True: the span is empty now. */
static bool move_contents(void *to, bool to_zero, void *from)
{
    size_t bytes = hak_large_bytes(from), span = span_bytes(from);
    if (is_worth_moving(bytes, to_zero) && room_of(to) >= span) {
        __atomic_add_fetch(&moves, 1, __ATOMIC_RELAXED);
        if (hak_os_move_pages(from, to, span))
            return true;
    }
    memcpy(to, from, bytes);
    return false;
}

void *hak_large_realloc(void *block, size_t bytes)
{
    if (resize_in_place(block, bytes)) {
        hak_count(HAK_COUNT_realloc_in_place);
        return block;
    }
    bool zero;
    void *moved = hak_large_malloc(bytes, 1, &zero);
    if (!moved)
        return NULL;
    hak_count(HAK_COUNT_realloc_moved);
    HAK_PROBE2(malloc, (uintptr_t)moved, bytes);
    HAK_PROBE1(free, (uintptr_t)block);
    bool emptied = move_contents(moved, zero, block);
    count_freed(block);
    if (emptied)
        hak_arena_give_zero(hak_unit_of(block));
    else
        hak_arena_give(hak_unit_of(block));
    return moved;
}
