/* SPDX-License-Identifier: MIT */
#include "free_spans.h"

#include "arena.h"
#include "misuse.h"

enum {
    LINEAR = 16, /* lengths below have a list each */
    LISTS = 128,
    WALK = 32, /* spans looked at in a list */
};

static struct {
    uint64_t filled[LISTS / 64]; /* which lists have spans */
    uint32_t first[LISTS];
    uint32_t oldest, newest;                              /* dirty spans, by time */
} spans = {.oldest = HAK_NO_UNIT, .newest = HAK_NO_UNIT}; /* also where there is no arena */

static uint32_t list_of(size_t units)
{
    if (units < LINEAR)
        return (uint32_t)units;
    uint32_t log = 63u - (uint32_t)__builtin_clzll(units);
    return LINEAR + (log - 4) * 4 + (uint32_t)(units >> (log - 2) & 3);
}

void hak_free_spans_init(void)
{
    for (uint32_t list = 0; list < LISTS; list++)
        spans.first[list] = HAK_NO_UNIT;
}

/* Most spans are the newest; one merged with an older neighbour may be the oldest. */
static void age_insert(uint32_t unit, uint32_t freed_at)
{
    struct hak_unit *record = &hak_arena.records[unit];
    uint32_t oldest = spans.oldest;
    bool first =
        oldest != HAK_NO_UNIT && (int32_t)(freed_at - hak_arena.records[oldest].freed_at) < 0;
    record->freed_at = freed_at;
    record->older = first ? HAK_NO_UNIT : spans.newest;
    record->newer = first ? oldest : HAK_NO_UNIT;
    if (record->older != HAK_NO_UNIT)
        hak_arena.records[record->older].newer = unit;
    else
        spans.oldest = unit;
    if (record->newer != HAK_NO_UNIT)
        hak_arena.records[record->newer].older = unit;
    else
        spans.newest = unit;
}

static void age_remove(const struct hak_unit *record)
{
    if (record->older != HAK_NO_UNIT)
        hak_arena.records[record->older].newer = record->newer;
    else
        spans.oldest = record->newer;
    if (record->newer != HAK_NO_UNIT)
        hak_arena.records[record->newer].older = record->older;
    else
        spans.newest = record->older;
}

void hak_free_spans_insert(uint32_t unit, uint32_t units, bool dirty, uint32_t freed_at)
{
    struct hak_unit *record = &hak_arena.records[unit];
    struct hak_unit *last = &hak_arena.records[unit + units - 1];
    uint32_t list = list_of(units);
    last->state = record->state = HAK_UNIT_FREE;
    last->units = record->units = units;
    record->dirty = dirty;
    record->previous = HAK_NO_UNIT;
    record->next = spans.first[list];
    if (record->next != HAK_NO_UNIT)
        hak_arena.records[record->next].previous = unit;
    spans.first[list] = unit;
    spans.filled[list / 64] |= UINT64_C(1) << (list % 64);
    if (dirty)
        age_insert(unit, freed_at);
}

/* Its last unit says the same; each of its neighbours in the list leads back to it; so does the
 * list, where it is the first. */
static bool is_linked(const struct hak_unit *record, uint32_t unit, uint32_t list)
{
    uint32_t next = record->next, previous = record->previous;
    if (record->state != HAK_UNIT_FREE || record->units - 1 >= hak_arena_units - unit ||
        record[record->units - 1].units != record->units ||
        (next != HAK_NO_UNIT &&
         (next >= hak_arena_units || hak_arena.records[next].previous != unit)))
        return false;
    return previous == HAK_NO_UNIT
               ? spans.first[list] == unit
               : previous < hak_arena_units && hak_arena.records[previous].next == unit;
}

void hak_free_spans_remove(uint32_t unit)
{
    struct hak_unit *record = &hak_arena.records[unit];
    uint32_t list = list_of(record->units);
    hak_must_hold(is_linked(record, unit, list), record, "a free span's record");
    if (record->previous != HAK_NO_UNIT)
        hak_arena.records[record->previous].next = record->next;
    else
        spans.first[list] = record->next;
    if (record->next != HAK_NO_UNIT)
        hak_arena.records[record->next].previous = record->previous;
    if (spans.first[list] == HAK_NO_UNIT)
        spans.filled[list / 64] &= ~(UINT64_C(1) << (list % 64));
    if (record->dirty)
        age_remove(record);
}

/* The first filled list at or after `list`; LISTS: none. */
static uint32_t next_filled(uint32_t list)
{
    for (uint32_t word = list / 64; word < LISTS / 64; word++) {
        uint64_t filled = spans.filled[word];
        if (word == list / 64)
            filled &= ~UINT64_C(0) << (list % 64);
        if (filled != 0)
            return word * 64 + (uint32_t)__builtin_ctzll(filled);
    }
    return LISTS;
}

/* Of the list's first few spans that are long enough the one with the lowest address: what is in
 * use gathers at the arena's start, and what lies beyond grows together. */
static uint32_t pick(uint32_t unit, size_t units)
{
    uint32_t lowest = HAK_NO_UNIT;
    for (int walked = 0; unit != HAK_NO_UNIT && walked < WALK; walked++) {
        hak_must_hold(unit < hak_arena_units, &hak_arena.records[unit], "a free span's record");
        if (hak_arena.records[unit].units >= units && unit < lowest)
            lowest = unit;
        unit = hak_arena.records[unit].next;
    }
    return lowest;
}

uint32_t hak_free_spans_find(size_t units)
{
    uint32_t list = list_of(units);
    uint32_t found = pick(spans.first[list], units);
    if (found != HAK_NO_UNIT)
        return found;
    list = next_filled(list + 1);
    return list < LISTS ? pick(spans.first[list], units) : HAK_NO_UNIT;
}

uint32_t hak_free_spans_oldest(void)
{
    return spans.oldest;
}
