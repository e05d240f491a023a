/* SPDX-License-Identifier: MIT */
#include "arena_range.h"

#include "arena.h"
#include "counters.h"
#include "factors.h"
#include "free_spans.h"
#include "hakmem_probes.h"
#include "os.h"

enum {
    UNITS_MAX = 1 << 24, /* 1 TiB */
    UNITS_MIN = 1 << 5,  /* 2 MiB */
    STEP_MIN = 128,      /* units committed at a time, at least: 8 MiB; it is no memory yet */
    TABLE_STEP = HAK_PAGE_BYTES_MAX, /* bytes of a table */
    HEAPS_MAX = 1 << 16,
};

_Static_assert(HAK_SLAB_BYTES % HAK_PAGE_BYTES_MAX == 0, "a unit is whole pages");

struct hak_arena hak_arena;
uintptr_t hak_arena_units;

/* Before there is an arena: units and bytes of its range. */
static struct {
    size_t units, readable;
} the_range;

static size_t round_up(size_t value, size_t step)
{
    return (value + step - 1) & ~(step - 1);
}

/* Lays the tables and the units out in one reserved range. Only what is in use becomes writable,
 * for mlockall fills all that is. */
static bool reserve(size_t units, size_t heap_bytes)
{
    size_t heaps = units < HEAPS_MAX ? units : HEAPS_MAX;
    size_t groups = hak_superslabs_of(units);
    size_t words = round_up(units * sizeof(uint32_t), HAK_SLAB_BYTES);
    size_t index = round_up(groups * HAK_METADATA_INDEX_BYTES, HAK_SLAB_BYTES);
    size_t superslabs = round_up(groups * HAK_METADATA_GROUP_BYTES, HAK_SLAB_BYTES);
    size_t records = round_up(units * sizeof(struct hak_unit), HAK_SLAB_BYTES);
    size_t bits = round_up(units * (HAK_SLAB_BITS / 8), HAK_SLAB_BYTES);
    size_t states = round_up(units * HAK_CHECK_TABLE_BYTES, HAK_SLAB_BYTES);
    size_t heap_room = round_up(heaps * heap_bytes, HAK_SLAB_BYTES);
    size_t readable = words + index, gap = HAK_GUARD_GAP_BYTES;
    size_t tables = gap + readable + gap + superslabs + gap + records + gap + bits + gap + states +
                    gap + heap_room + gap;
    char *range = hak_os_reserve(tables + units * HAK_SLAB_BYTES, HAK_SLAB_BYTES);
    if (!range)
        return false;
    hak_os_advise_metadata(range, tables);
    hak_arena.base = (uintptr_t)range + tables;
    char *table = range + gap;
    hak_arena.words = (uint32_t *)table;
    hak_arena.superslab_index = table + words;
    hak_arena.superslabs = table += readable + gap;
    hak_arena.records = (struct hak_unit *)(table += superslabs + gap);
    hak_arena.bits = (uint64_t *)(table += records + gap);
    hak_arena.states = (uint8_t *)(table += bits + gap);
    hak_arena.heaps = table + states + gap;
    hak_arena.heap_capacity = (uint32_t)heaps;
    the_range.units = units;
    the_range.readable = readable;
    return true;
}

/* Under an address-space limit half of it is ours to reserve; the rest stays for stacks, libraries
 * and huge blocks. */
static bool reserve_some(size_t heap_bytes)
{
    uint64_t most = hak_os_address_space_max() / 2 / HAK_SLAB_BYTES;
    size_t units = UNITS_MAX;
    while (units > most && units > UNITS_MIN)
        units /= 2;
    while (!reserve(units, heap_bytes)) {
        units /= 2;
        if (units < UNITS_MIN)
            return false;
    }
    return true;
}

bool hak_arena_reserve(size_t heap_bytes)
{
    /* A range whose words can't be read yet waits for the next attempt. */
    if ((the_range.units == 0 && !reserve_some(heap_bytes)) ||
        !hak_os_make_readable(hak_arena.words, the_range.readable))
        return false;
    size_t units = the_range.units;
    hak_free_spans_init();
    hak_arena.reserved = units;
    hak_counters->arena_base = hak_arena.base;
    hak_counters->arena_bytes = (uint64_t)units * HAK_SLAB_BYTES;
    hak_counters->words_address = (uintptr_t)hak_arena.words;
    hak_counters->records_address = (uintptr_t)hak_arena.records;
    hak_counters->record_bytes = sizeof(struct hak_unit);
    hak_seal(&hak_arena, sizeof hak_arena);
    HAK_PROBE2(arena_reserve, hak_arena.base, (uint64_t)units * HAK_SLAB_BYTES);
    return true;
}

static bool commit_table(void *table, size_t entry_bytes, uint32_t from, uint32_t to)
{
    size_t begin = round_up(from * entry_bytes, TABLE_STEP);
    size_t end = round_up(to * entry_bytes, TABLE_STEP);
    return begin == end || hak_os_commit((char *)table + begin, end - begin);
}

/* With guards each span is opened when it is taken. */
static bool commit_units(uint32_t from, uint32_t to)
{
    return HAK_GUARD_CLOSED ||
           hak_os_commit(hak_unit_address(from), (size_t)(to - from) * HAK_SLAB_BYTES);
}

static bool commit_exactly(uint32_t units)
{
    uint32_t from = (uint32_t)hak_arena_units;
    uint32_t first_group = (uint32_t)hak_superslabs_of(from);
    uint32_t groups = (uint32_t)hak_superslabs_of(units);
    if (!commit_table(hak_arena.superslab_index, HAK_METADATA_INDEX_BYTES, first_group, groups) ||
        !commit_table(hak_arena.superslabs, HAK_METADATA_GROUP_BYTES, first_group, groups) ||
        !commit_table(hak_arena.words, sizeof *hak_arena.words, from, units) ||
        !commit_table(hak_arena.records, sizeof *hak_arena.records, from, units) ||
        !commit_table(hak_arena.bits, HAK_SLAB_BITS / 8, from, units) ||
        !commit_table(hak_arena.states, HAK_CHECK_TABLE_BYTES, from, units) ||
        !commit_units(from, units))
        return false;
    metadata_grow(from, units);
    __atomic_store_n(&hak_arena_units, units, __ATOMIC_RELEASE);
    hak_counters->committed_bytes = (uint64_t)units * HAK_SLAB_BYTES;
    hak_count_metadata((uint64_t)(units - from) * (sizeof(uint32_t) + sizeof(struct hak_unit) +
                                                   HAK_SLAB_BITS / 8 + HAK_CHECK_TABLE_BYTES) +
                       (uint64_t)(groups - first_group) *
                           (HAK_METADATA_INDEX_BYTES + HAK_METADATA_GROUP_BYTES));
    return true;
}

bool hak_arena_commit(size_t units)
{
    if (units <= hak_arena_units)
        return true;
    size_t step = hak_arena_units + hak_arena_units / 4;
    size_t wish = units + STEP_MIN > step ? units + STEP_MIN : step;
    if (wish > hak_arena.reserved)
        wish = hak_arena.reserved;
    return commit_exactly((uint32_t)wish) || commit_exactly((uint32_t)units);
}
