/* SPDX-License-Identifier: MIT */
#include "large.h"

#include <string.h>

#include "arena.h"
#include "counters.h"
#include "hakmem_probes.h"
#include "huge.h"
#include "os.h"

enum {
    MOVE_MIN = 256 * 1024, /* bytes from which moving page tables is cheaper than copying */
    MOVES_MAX = 4096,      /* each may split a mapping for good, and a process has 65,530 of them */
};

static uint32_t moves; /* any thread, atomically */

static size_t units_of(size_t bytes)
{
    return (bytes + HAK_SLAB_BYTES - 1) >> HAK_SLAB_SHIFT;
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
        bytes = units_of(bytes) << HAK_SLAB_SHIFT;
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
    return (size_t)hak_arena.records[hak_unit_of(block)].units << HAK_SLAB_SHIFT;
}

void hak_large_free(void *block)
{
    size_t bytes = hak_large_bytes(block);
    HAK_PROBE2(large_free, (uintptr_t)block, bytes);
    hak_count_free(HAK_CLASS_LARGE);
    hak_count_add(HAK_COUNT_large_bytes_freed, bytes);
    hak_arena_give(hak_unit_of(block));
}

static bool resize_in_place(void *block, size_t bytes)
{
    size_t old = hak_large_bytes(block);
    if (bytes > PTRDIFF_MAX || !hak_arena_resize(hak_unit_of(block), units_of(bytes)))
        return false;
    size_t now = units_of(bytes) << HAK_SLAB_SHIFT;
    if (now > old)
        hak_count_add(HAK_COUNT_large_bytes_allocated, now - old);
    else
        hak_count_add(HAK_COUNT_large_bytes_freed, old - now);
    return true;
}

/* Copies, or moves the pages where they are many; `from` may be zero afterwards. */
static void move_contents(void *to, void *from, size_t bytes)
{
    if (bytes >= MOVE_MIN && __atomic_load_n(&moves, __ATOMIC_RELAXED) < MOVES_MAX) {
        __atomic_add_fetch(&moves, 1, __ATOMIC_RELAXED);
        if (hak_os_move_pages(from, to, bytes))
            return;
    }
    memcpy(to, from, bytes);
}

void *hak_large_realloc(void *block, size_t bytes)
{
    if (resize_in_place(block, bytes)) {
        hak_count(HAK_COUNT_realloc_in_place);
        return block;
    }
    void *moved = hak_large_malloc(bytes, 1, NULL);
    if (!moved)
        return NULL;
    hak_count(HAK_COUNT_realloc_moved);
    move_contents(moved, block, hak_large_bytes(block));
    hak_large_free(block);
    return moved;
}
