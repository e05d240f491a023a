/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include "arena_range.h"
#include "counters.h"
#include "factors.h"
#include "free_spans.h"
#include "hakmem_probes.h"
#include "lock.h"
#include "misuse.h"
#include "os.h"
#include "release.h"

enum {
    DECAY_MS = 500, /* a free span keeps its memory for so long */
};

/* Under the lock. */
static struct {
    struct hak_lock lock;
    uint32_t top;                   /* units from here on were never handed out */
} arena = {.top = HAK_FIRST_BLOCK}; /* with headers not the first: its would lie before the arena */

static size_t round_up(size_t value, size_t step)
{
    return (value + step - 1) & ~(step - 1);
}

static uint32_t align_unit(uint32_t unit, size_t alignment)
{
    uintptr_t absolute = (hak_arena.base >> HAK_SLAB_SHIFT) + unit;
    return (uint32_t)(unit + (round_up(absolute, alignment) - absolute));
}

static void mark_used(uint32_t unit, uint32_t units)
{
    struct hak_unit *first = &hak_arena.records[unit];
    struct hak_unit *last = &hak_arena.records[unit + units - 1];
    first->state = last->state = HAK_UNIT_USED;
    first->units = last->units = units;
}

static void insert_free(uint32_t unit, uint32_t units, bool dirty, uint32_t freed_at)
{
    hak_free_spans_insert(unit, units, dirty, freed_at);
    if (dirty)
        hak_counters->retained_bytes += (uint64_t)units * HAK_SLAB_BYTES;
}

static void remove_free(uint32_t unit)
{
    const struct hak_unit *record = &hak_arena.records[unit];
    hak_free_spans_remove(unit);
    if (record->dirty)
        hak_counters->retained_bytes -= (uint64_t)record->units * HAK_SLAB_BYTES;
}

/* Takes a free neighbour into the span that is about to be inserted: a dirty part makes the whole
 * dirty, and as old as its larger dirty part. So a busy block does not keep its big neighbour from
 * ever being purged, nor does a small old remainder send off what was just freed. */
static void absorb(uint32_t neighbour, uint32_t *units, bool *dirty, uint32_t *freed_at)
{
    const struct hak_unit *record = &hak_arena.records[neighbour];
    if (record->dirty && (!*dirty || record->units > *units))
        *freed_at = record->freed_at;
    *dirty |= record->dirty;
    *units += record->units;
    remove_free(neighbour);
}

/* Inserts a span merged with its free neighbours. */
static void insert_merged(uint32_t unit, uint32_t units, bool dirty, uint32_t freed_at)
{
    const struct hak_unit *records = hak_arena.records;
    uint32_t next = unit + units;
    if (next < arena.top && records[next].state == HAK_UNIT_FREE)
        absorb(next, &units, &dirty, &freed_at);
    if (unit > 0 && records[unit - 1].state == HAK_UNIT_FREE) {
        hak_must_hold(records[unit - 1].units <= unit, &records[unit - 1], "a free span's record");
        unit -= records[unit - 1].units;
        absorb(unit, &units, &dirty, &freed_at);
    }
    insert_free(unit, units, dirty, freed_at);
}

/* A span that was given back, and may have been in quarantine since. */
static void insert_waiting(uint32_t unit, uint32_t now)
{
    const struct hak_unit *record = &hak_arena.records[unit];
    insert_merged(unit, record->units, record->dirty, now);
}

/* A span cut out of a free one. */
static uint32_t take_free(size_t units, size_t alignment, bool *zero)
{
    uint32_t found = hak_free_spans_find(units + alignment - 1);
    if (found == HAK_NO_UNIT)
        return HAK_NO_UNIT;
    struct hak_unit span = hak_arena.records[found];
    uint32_t unit = align_unit(found, alignment);
    uint32_t end = unit + (uint32_t)units;
    remove_free(found);
    if (unit > found)
        insert_free(found, unit - found, span.dirty, span.freed_at);
    if (end < found + span.units)
        insert_free(end, found + span.units - end, span.dirty, span.freed_at);
    *zero = !span.dirty;
    return unit;
}

/* A span beyond all others. */
static uint32_t take_top(size_t units, size_t alignment, bool *zero)
{
    uint32_t unit = align_unit(arena.top, alignment);
    if (unit > hak_arena.reserved - units || !hak_arena_commit(unit + units))
        return HAK_NO_UNIT;
    uint32_t gap = arena.top;
    arena.top = unit + (uint32_t)units;
    if (unit > gap)
        insert_merged(gap, unit - gap, false, 0);
    *zero = true;
    return unit;
}

/* Spans that wait in quarantine become free ones. */
static bool end_quarantine(void)
{
    uint32_t unit = quarantine_span_out();
    bool any = unit != HAK_NO_UNIT;
    for (; unit != HAK_NO_UNIT; unit = quarantine_span_out())
        insert_waiting(unit, hak_os_milliseconds());
    return any;
}

uint32_t hak_arena_take(size_t units, size_t alignment, uint32_t word, bool *zero)
{
    bool is_zero = false;
    if (units > hak_arena.reserved || alignment > hak_arena.reserved)
        return HAK_NO_UNIT;
    HAK_PROBE1(arena_take_begin, units);
    hak_lock(&arena.lock);
    uint32_t unit = take_free(units, alignment, &is_zero);
    if (unit == HAK_NO_UNIT)
        unit = take_top(units, alignment, &is_zero);
    if (HAK_QUARANTINE_SPANS > 0 && unit == HAK_NO_UNIT && end_quarantine())
        unit = take_free(units, alignment, &is_zero);
    if (unit != HAK_NO_UNIT) {
        mark_used(unit, (uint32_t)units);
        metadata_set(unit, word);
        hak_counters->spans_bytes += units * HAK_SLAB_BYTES;
        hak_count(HAK_COUNT_span_takes);
    }
    hak_unlock(&arena.lock);
    HAK_PROBE2(arena_take_end, unit == HAK_NO_UNIT ? 0 : (uintptr_t)hak_unit_address(unit), units);
    if (zero)
        *zero = is_zero;
    return unit;
}

/* The span in use that starts there ends below the top, and its last unit says the same. */
static bool is_span(uint32_t unit)
{
    const struct hak_unit *record = &hak_arena.records[unit];
    return record->state == HAK_UNIT_USED && record->units - 1 < arena.top - unit &&
           record[record->units - 1].units == record->units;
}

static uint32_t take_unit(size_t units, uint32_t word, bool *zero)
{
    uint32_t unit = hak_arena_take(units, 1, word, zero);
    if (unit == HAK_NO_UNIT || guard_open(unit, HAK_SLAB_BYTES))
        return unit;
    hak_arena_give(unit);
    return HAK_NO_UNIT;
}

uint32_t hak_arena_take_unit(uint32_t word, bool *zero)
{
    size_t units = guard_units();
    uint32_t unit = take_unit(units, word, zero);
    return unit == HAK_NO_UNIT && units > 1 ? take_unit(1, word, zero) : unit;
}

static bool is_old(uint32_t unit, uint32_t now)
{
    return now - hak_arena.records[unit].freed_at >= DECAY_MS;
}

static void give(uint32_t unit, bool dirty)
{
    uint32_t now = hak_os_milliseconds();
    dirty = !hak_release(unit) && dirty;
    hak_lock(&arena.lock);
    hak_must_hold(is_span(unit), &hak_arena.records[unit], "a span's record");
    uint32_t units = hak_arena.records[unit].units;
    HAK_PROBE2(arena_give, (uintptr_t)hak_unit_address(unit), units);
    metadata_set(unit, 0);
    hak_counters->spans_bytes -= (uint64_t)units * HAK_SLAB_BYTES;
    hak_count(HAK_COUNT_span_gives);
    hak_arena.records[unit].dirty = dirty;
    unit = dirty ? unit : quarantine_span(unit);
    if (unit != HAK_NO_UNIT)
        insert_waiting(unit, now);
    uint32_t oldest = hak_free_spans_oldest();
    bool purge = oldest != HAK_NO_UNIT && is_old(oldest, now);
    hak_unlock(&arena.lock);
    if (purge)
        hak_arena_purge(false);
}

void hak_arena_give(uint32_t unit)
{
    give(unit, true);
}

void hak_arena_give_zero(uint32_t unit)
{
    give(unit, false);
}

static void shrink(uint32_t unit, uint32_t units, uint32_t now)
{
    uint32_t old = hak_arena.records[unit].units;
    mark_used(unit, units);
    hak_counters->spans_bytes -= (uint64_t)(old - units) * HAK_SLAB_BYTES;
    insert_merged(unit + units, old - units, true, now);
}

/* Grows into the free span that follows, or beyond the top. */
static bool grow(uint32_t unit, size_t units)
{
    uint32_t old = hak_arena.records[unit].units;
    uint32_t end = unit + old;
    size_t more = units - old;
    if (end == arena.top) {
        if (units > hak_arena.reserved - unit || !hak_arena_commit(unit + units))
            return false;
        arena.top = unit + (uint32_t)units;
    } else {
        struct hak_unit next = hak_arena.records[end];
        if (next.state != HAK_UNIT_FREE || next.units < more)
            return false;
        remove_free(end);
        if (next.units > more)
            insert_free(end + (uint32_t)more, next.units - (uint32_t)more, next.dirty,
                        next.freed_at);
    }
    mark_used(unit, (uint32_t)units);
    hak_counters->spans_bytes += (uint64_t)more * HAK_SLAB_BYTES;
    return true;
}

bool hak_arena_resize(uint32_t unit, size_t units)
{
    uint32_t now = hak_os_milliseconds();
    bool done = true;
    hak_lock(&arena.lock);
    hak_must_hold(is_span(unit), &hak_arena.records[unit], "a span's record");
    if (units < hak_arena.records[unit].units)
        shrink(unit, (uint32_t)units, now);
    else if (units > hak_arena.records[unit].units)
        done = grow(unit, units);
    hak_unlock(&arena.lock);
    return done;
}

/* Purges one span outside the lock, where it is nobody's. False: none is left, or the kernel won't.
 */
static bool purge_one(bool all, uint32_t now, size_t *purged)
{
    uint32_t unit = hak_free_spans_oldest();
    if (unit == HAK_NO_UNIT || !(all || is_old(unit, now)))
        return false;
    uint32_t units = hak_arena.records[unit].units;
    size_t bytes = (size_t)units * HAK_SLAB_BYTES;
    remove_free(unit);
    mark_used(unit, units);
    hak_unlock(&arena.lock);
    HAK_PROBE2(purge_begin, (uintptr_t)hak_unit_address(unit), bytes);
    bool done = hak_os_purge(hak_unit_address(unit), bytes);
    HAK_PROBE2(purge_end, (uintptr_t)hak_unit_address(unit), bytes);
    hak_release_states(unit, units);
    hak_lock(&arena.lock);
    insert_merged(unit, units, !done, now);
    if (done) {
        *purged += bytes;
        hak_count(HAK_COUNT_purges);
        hak_count_add(HAK_COUNT_purged_bytes, bytes);
    }
    return done;
}

size_t hak_arena_purge(bool all)
{
    size_t purged = 0;
    uint32_t now = hak_os_milliseconds();
    hak_lock(&arena.lock);
    while (purge_one(all, now, &purged))
        continue;
    hak_unlock(&arena.lock);
    return purged;
}

void hak_arena_lock_for_fork(void)
{
    hak_lock_for_fork(&arena.lock);
}

void hak_arena_unlock_after_fork(void)
{
    hak_unlock_after_fork(&arena.lock);
}
