/* SPDX-License-Identifier: MIT */
#include "arena_check.h"

#include <stdint.h>

#include "arena.h"
#include "counters.h"
#include "factors.h"
#include "faults.h"
#include "free_spans.h"
#include "heap.h"
#include "sample.h"
#include "scenario.h"

enum {
    TABLES_MAX = 1 << 20,  /* bytes of the region of counters and of tables of huge blocks */
    SAMPLES_MAX = 16 << 20 /* of the table of sampled blocks, where there is one */
};

struct walk {
    uint32_t used, free, dirty; /* units */
    uint32_t dirty_spans, internal;
    bool forked;
};

static uint32_t word_of(uint32_t unit)
{
    uint64_t word = 0;
    require(metadata_find(hak_unit_address(unit), &word), "a unit has a word");
    return (uint32_t)word & ~(uint32_t)HAK_WORD_FLAGS;
}

static void check_slab(const struct hak_unit *record, uint32_t unit, uint32_t word)
{
    const struct hak_slab *slab = &record->slab;
    uint32_t back = 0;
    require(record->units == 1, "a slab is one unit");
    require(slab->size_class == (word & 0xff), "a slab's word has its class");
    require(slab->carved <= slab->capacity, "no more blocks than there is room for");
    if (!HAK_FREELIST_IN_BLOCKS) {
        for (uint32_t i = 0; i < slab->carved; i++)
            back += (hak_arena.bits[(size_t)unit * (HAK_SLAB_BITS / 64) + i / 64] >> i % 64) & 1;
        require(back == slab->back, "a slab's free blocks are counted");
    }
}

static void check_used(struct walk *walk, uint32_t unit)
{
    const struct hak_unit *record = &hak_arena.records[unit];
    uint32_t word = word_of(unit);
    if (walk->forked && word == 0) { /* being purged */
        walk->used += record->units;
        return;
    }
    require(word != 0, "a span in use has a word");
    for (uint32_t i = 1; i < record->units && i < 64; i++)
        require(word_of(unit + i) == 0, "and its other units have none");
    bool lost = walk->forked && word >> 8 != 0 && hak_heap_of(word >> 8)->state == HAK_HEAP_DEAD;
    if (word >> 8 != 0 && !lost)
        check_slab(record, unit, word);
    else if (lost)
        require(record->units == 1, "a slab is one unit");
    else if (word == HAK_WORD_LARGE)
        require(record->bytes <= (size_t)record->units * HAK_SLAB_BYTES, "a block fits its span");
    else
        require(word == HAK_WORD_INTERNAL, "a known kind of span");
    walk->internal += word == HAK_WORD_INTERNAL;
    walk->used += record->units;
}

static void check_free(struct walk *walk, uint32_t unit)
{
    const struct hak_unit *record = &hak_arena.records[unit];
    require(word_of(unit) == 0, "a free span has no word");
    uint32_t found = hak_free_spans_find(record->units);
    require(found != HAK_NO_UNIT && hak_arena.records[found].units >= record->units,
            "a free span is found by its length");
    if (record->next != HAK_NO_UNIT)
        require(hak_arena.records[record->next].previous == unit &&
                    hak_arena.records[record->next].state == HAK_UNIT_FREE,
                "the list of a length is linked both ways");
    if (record->previous != HAK_NO_UNIT)
        require(hak_arena.records[record->previous].next == unit, "and back");
    walk->free += record->units;
    walk->dirty += record->dirty ? record->units : 0;
    walk->dirty_spans += record->dirty;
}

static void check_ages(uint32_t dirty_spans)
{
    uint32_t count = 0, older = HAK_NO_UNIT;
    for (uint32_t unit = hak_free_spans_oldest(); unit != HAK_NO_UNIT; count++) {
        const struct hak_unit *record = &hak_arena.records[unit];
        require(record->state == HAK_UNIT_FREE && record->dirty && record->older == older &&
                    count <= dirty_spans,
                "the list by age has free spans that hold memory");
        older = unit;
        unit = record->newer;
    }
    require(count == dirty_spans, "and all of them");
}

static struct walk walk_arena(bool forked)
{
    struct walk walk = {.forked = forked};
    bool after_free = false;
    uint32_t unit = HAK_FIRST_BLOCK;
    while (unit < hak_arena_units && hak_arena.records[unit].state != HAK_UNIT_INSIDE) {
        const struct hak_unit *record = &hak_arena.records[unit];
        uint32_t units = record->units;
        require(units > 0 && unit + units <= hak_arena_units, "a span ends inside the arena");
        require(record[units - 1].state == record->state && record[units - 1].units == units,
                "a span's last unit agrees with its first");
        bool is_free = record->state == HAK_UNIT_FREE;
        require(!(is_free && after_free), "free neighbours are merged");
        if (is_free)
            check_free(&walk, unit);
        else
            check_used(&walk, unit);
        after_free = is_free;
        unit += units;
    }
    check_ages(walk.dirty_spans);
    if (forked)
        return walk;
    require(hak_counters->spans_bytes == (uint64_t)walk.used * HAK_SLAB_BYTES,
            "the gauge of spans agrees");
    require(hak_counters->retained_bytes == (uint64_t)walk.dirty * HAK_SLAB_BYTES,
            "the gauge of retained memory agrees");
    require(hak_counters->committed_bytes == (uint64_t)hak_arena_units * HAK_SLAB_BYTES,
            "the gauge of committed memory agrees");
    return walk;
}

void arena_check(void)
{
    if (hak_arena.reserved != 0)
        walk_arena(false);
}

void arena_check_forked(void)
{
    if (hak_arena.reserved != 0)
        walk_arena(true);
}

static void check_counts(bool exactly)
{
    struct hak_counter_page sum;
    hak_heap_counters(&sum);
    if (hak_counters->pages_shared || hak_counters->page_capacity == 1)
        return; /* counts may be lost */
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        if (sum.mallocs[c] != sum.frees[c])
            broken("as many blocks of a class were freed as handed out", c);
    }
    if (!exactly)
        return;
    require(sum.mallocs[HAK_CLASS_LARGE] == sum.frees[HAK_CLASS_LARGE] &&
                sum.mallocs[HAK_CLASS_HUGE] == sum.frees[HAK_CLASS_HUGE],
            "as many large and huge blocks were freed as handed out");
    require(sum.count[HAK_COUNT_large_bytes_allocated] == sum.count[HAK_COUNT_large_bytes_freed],
            "and as many bytes of them");
}

void arena_check_empty(bool exactly)
{
    struct walk walk = walk_arena(false);
    if (walk.used != walk.internal)
        broken("all spans but those of magazines come back", walk.used - walk.internal);
    require(walk.dirty == 0, "no free span holds memory");
    require(hak_counters->huge_bytes == 0, "no huge block is left");
    size_t region = HAK_COUNTER_HEADER_BYTES + HAK_COUNTER_PAGES * HAK_COUNTER_PAGE_BYTES;
    size_t samples = hak_sample_interval() != 0 ? (size_t)SAMPLES_MAX : 0;
    if (faults_mapped_bytes() > region + TABLES_MAX + samples)
        broken("mappings come back", faults_mapped_bytes());
    check_counts(exactly);
}
