/* SPDX-License-Identifier: MIT */
#include "large.h"

#include <string.h>

#include "arena.h"
#include "counters.h"
#include "factors.h"
#include "hakmem_probes.h"
#include "huge.h"
#include "misuse.h"
#include "os.h"
#include "sample.h"

enum {
    /* Bytes from which moving page tables is cheaper than copying. To memory that holds pages
     * already only far more is: they are lost, and the old place has to be filled anew. */
    MOVE_MIN = 256 * 1024,
    MOVE_MIN_DIRTY = 4 * 1024 * 1024,
    MOVES_MAX = 4096, /* each may split a mapping for good, and a process has 65,530 of them */
};

static uint32_t moves; /* any thread, atomically */

/* Spans that begin with a hole, for pages could not be moved there: the first's unit + 1, or 0. Its
 * record's `bytes`: the next one's, and the hole's units << 32. Any thread, atomically. */
static uint32_t lost;

static size_t units_of(size_t bytes)
{
    return (bytes + HAK_GUARD_BYTES + HAK_SLAB_BYTES - 1) >> HAK_SLAB_SHIFT;
}

static size_t round_up(size_t bytes)
{
    return (bytes + HAK_LARGE_GRAIN - 1) & ~(size_t)(HAK_LARGE_GRAIN - 1);
}

/* Notes how much of its span a block uses: copying the rest would only touch pages. Returns it. */
static size_t set_bytes(uint32_t unit, size_t bytes)
{
    return hak_arena.records[unit].bytes = round_up(bytes);
}

static uint32_t take_span(size_t bytes, size_t align_units, bool *zero)
{
    uint32_t unit = hak_arena_take(units_of(bytes), align_units, HAK_WORD_LARGE, zero);
    if (unit == HAK_NO_UNIT || guard_open(unit, round_up(bytes)))
        return unit;
    hak_arena_give(unit);
    return HAK_NO_UNIT;
}

void *hak_large_malloc(size_t bytes, size_t alignment, bool *zero)
{
    if (bytes == 0)
        bytes = 1;
    if (bytes > PTRDIFF_MAX)
        return NULL;
    size_t asked = bytes;
    size_t align_units = alignment > HAK_SLAB_BYTES ? alignment >> HAK_SLAB_SHIFT : 1;
    uint32_t unit = take_span(bytes, align_units, zero);
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
    bool sampled = hak_sample_large(block, asked, bytes);
    if (unit != HAK_NO_UNIT)
        hak_arena.records[unit].sampled = sampled;
    return block;
}

size_t hak_large_bytes(const void *block)
{
    const struct hak_unit *record = &hak_arena.records[hak_unit_of(block)];
    hak_must_hold(record->bytes <= (size_t)record->units << HAK_SLAB_SHIFT, record,
                  "a large block's record");
    return record->bytes;
}

/* The block is about to be given up. */
static void count_freed(void *block)
{
    size_t bytes = hak_large_bytes(block);
    if (hak_arena.records[hak_unit_of(block)].sampled)
        hak_sample_end(block);
    HAK_PROBE2(large_free, (uintptr_t)block, bytes);
    hak_count_free(HAK_CLASS_LARGE);
    hak_count_add(HAK_COUNT_large_bytes_freed, bytes);
}

/* Only one of two frees gets the block, whichever threads they are of. */
static void claim(void *block)
{
    uint32_t word = HAK_WORD_LARGE;
    if (HAK_CHECK_IS_CERTAIN &&
        !__atomic_compare_exchange_n(&hak_arena.words[hak_unit_of(block)], &word, 0, false,
                                     __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        hak_misuse_stop(HAK_MISUSE_DOUBLE_FREE, block);
}

void hak_large_free(void *block)
{
    claim(block);
    count_freed(block);
    hak_arena_give(hak_unit_of(block));
}

static size_t span_bytes(const void *block)
{
    return (size_t)hak_arena.records[hak_unit_of(block)].units << HAK_SLAB_SHIFT;
}

/* What a block no longer has is gone at once, where a measure wants it so. */
static void release_tail(uint32_t unit, size_t from, size_t to)
{
    size_t page = hak_os_page_bytes(), begin = (to + page - 1) & ~(page - 1);
    if (HAK_GUARD_CLOSED)
        (void)guard_resize(unit, from, to);
    else if (HAK_ZERO_ON_FREE && begin < from)
        (void)hak_os_purge((char *)hak_unit_address(unit) + begin, from - begin);
}

static void sample_anew(void *block, size_t bytes, size_t old, size_t now)
{
    struct hak_unit *record = &hak_arena.records[hak_unit_of(block)];
    if (now == old)
        return;
    if (record->sampled)
        hak_sample_end(block);
    record->sampled = hak_sample_large(block, bytes, now);
}

static bool resize_in_place(void *block, size_t bytes)
{
    uint32_t unit = hak_unit_of(block);
    if (bytes > PTRDIFF_MAX)
        return false;
    size_t old = hak_large_bytes(block), units = hak_arena.records[unit].units;
    if (round_up(bytes) < old)
        release_tail(unit, old, round_up(bytes));
    if (units_of(bytes) != units && !hak_arena_resize(unit, units_of(bytes)))
        return false;
    if (round_up(bytes) > old && !guard_resize(unit, old, round_up(bytes))) {
        hak_arena_resize(unit, units);
        return false;
    }
    size_t now = set_bytes(unit, bytes);
    sample_anew(block, bytes, old, now);
    if (now > old)
        hak_count_add(HAK_COUNT_large_bytes_allocated, now - old);
    else
        hak_count_add(HAK_COUNT_large_bytes_freed, old - now);
    return true;
}

static bool is_worth_moving(size_t bytes, bool to_zero)
{
    return !HAK_GUARD_CLOSED && bytes >= (to_zero ? MOVE_MIN : MOVE_MIN_DIRTY) &&
           __atomic_load_n(&moves, __ATOMIC_RELAXED) < MOVES_MAX;
}

static bool is_in_arena(const void *block)
{
    return ((uintptr_t)block - hak_arena.base) >> HAK_SLAB_SHIFT < hak_arena.reserved;
}

/* Moves all pages of a span, also those its block does not use, so that none is left behind; or
 * copies the block. Replaced: the span is empty now. Lost: the block is where it was. */
static enum hak_os_replaced move_contents(void *to, bool to_zero, void *from)
{
    size_t bytes = hak_large_bytes(from), span = span_bytes(from);
    if (is_worth_moving(bytes, to_zero) && is_in_arena(to) && span_bytes(to) >= span) {
        __atomic_add_fetch(&moves, 1, __ATOMIC_RELAXED);
        enum hak_os_replaced done = hak_os_move_pages(from, to, span);
        if (done != HAK_OS_KEPT)
            return done;
    }
    memcpy(to, from, bytes);
    return HAK_OS_KEPT;
}

static void keep_lost(uint32_t unit, size_t hole)
{
    uint32_t next = __atomic_load_n(&lost, __ATOMIC_RELAXED);
    do
        hak_arena.records[unit].bytes = hole << 32 | next;
    while (!__atomic_compare_exchange_n(&lost, &next, unit + 1, true, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED));
}

/* The span is nobody's until hak_large_recover. */
static void lose(void *block, size_t hole_bytes)
{
    count_freed(block);
    metadata_set(hak_unit_of(block), HAK_WORD_INTERNAL);
    keep_lost(hak_unit_of(block), hole_bytes >> HAK_SLAB_SHIFT);
}

void hak_large_recover(void)
{
    if (__atomic_load_n(&lost, __ATOMIC_RELAXED) == 0)
        return;
    uint32_t next, unit = __atomic_exchange_n(&lost, 0, __ATOMIC_ACQUIRE);
    for (; unit-- != 0; unit = next) {
        size_t hole = hak_arena.records[unit].bytes >> 32;
        next = (uint32_t)hak_arena.records[unit].bytes;
        if (hak_os_fill(hak_unit_address(unit), hole << HAK_SLAB_SHIFT))
            hak_arena_give(unit);
        else
            keep_lost(unit, hole);
    }
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
    enum hak_os_replaced done = move_contents(moved, zero, block);
    if (done == HAK_OS_LOST) {
        lose(moved, span_bytes(block));
        return NULL;
    }
    hak_count(HAK_COUNT_realloc_moved);
    HAK_PROBE2(malloc, (uintptr_t)moved, bytes);
    HAK_PROBE1(free, (uintptr_t)block);
    claim(block);
    count_freed(block);
    if (done == HAK_OS_REPLACED)
        hak_arena_give_zero(hak_unit_of(block));
    else
        hak_arena_give(hak_unit_of(block));
    return moved;
}
