/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "counters.h"
#include "heap.h"
#include "support/process.h"

enum { WORD = HAK_WORD_LARGE };

static int start(void **state)
{
    return hak_heap_attach() ? 0 : -1;
}

static uint32_t take(size_t units, size_t alignment)
{
    uint32_t unit = hak_arena_take(units, alignment, WORD, NULL);
    assert_int_not_equal(unit, HAK_NO_UNIT);
    assert_int_equal((uintptr_t)hak_unit_address(unit) % (alignment * HAK_SLAB_BYTES), 0);
    assert_int_equal(hak_arena.words[unit], WORD);
    assert_int_equal(hak_arena.records[unit].units, units);
    return unit;
}

static void spans_are_aligned(void **state)
{
    for (size_t alignment = 1; alignment <= 256; alignment *= 2) {
        uint32_t first = take(3, alignment), second = take(alignment, alignment);
        hak_arena_give(first);
        hak_arena_give(second);
        assert_int_equal(hak_arena.words[first], 0);
    }
}

static void neighbours_merge(void **state)
{
    hak_arena_purge(true);
    uint32_t all = take(30, 1);
    hak_arena_give(all);
    uint32_t a = take(10, 1), b = take(10, 1), c = take(10, 1);
    hak_arena_give(a);
    hak_arena_give(c);
    hak_arena_give(b);
    uint32_t again = take(30, 1);
    hak_arena_give(again);
    /* Were they not merged, the arena would have had to grow beyond the first span of 30. */
    assert_true(again <= all);
}

static void impossible_spans_are_refused(void **state)
{
    assert_int_equal(hak_arena_take(hak_arena.reserved + 1, 1, WORD, NULL), HAK_NO_UNIT);
    assert_int_equal(hak_arena_take(1, hak_arena.reserved * 2, WORD, NULL), HAK_NO_UNIT);
    assert_int_equal(hak_arena_take(SIZE_MAX / HAK_SLAB_BYTES, 1, WORD, NULL), HAK_NO_UNIT);
}

static void purged_spans_are_zero(void **state)
{
    bool zero = false;
    uint32_t unit = take(20, 1);
    memset(hak_unit_address(unit), 0xaa, 20 * HAK_SLAB_BYTES);
    hak_arena_give(unit);
    uint64_t retained = hak_counters->retained_bytes;
    assert_true(retained >= 20 * HAK_SLAB_BYTES);
    assert_true(hak_arena_purge(true) >= 20 * HAK_SLAB_BYTES);
    assert_int_equal(hak_counters->retained_bytes, 0);
    unit = hak_arena_take(20, 1, WORD, &zero);
    assert_true(zero);
    const char *bytes = hak_unit_address(unit);
    assert_true(bytes[0] == 0 && memcmp(bytes, bytes + 1, 20 * HAK_SLAB_BYTES - 1) == 0);
    memset(hak_unit_address(unit), 0xaa, 20 * HAK_SLAB_BYTES);
    hak_arena_give(unit);
    unit = hak_arena_take(20, 1, WORD, &zero);
    assert_false(zero && ((const char *)hak_unit_address(unit))[100] != 0);
    hak_arena_give(unit);
}

static void spans_shrink_and_grow(void **state)
{
    uint32_t unit = take(40, 1);
    assert_true(hak_arena_resize(unit, 10));
    assert_int_equal(hak_arena.records[unit].units, 10);
    assert_true(hak_arena_resize(unit, 40));
    assert_true(hak_arena_resize(unit, 10));
    uint32_t behind = hak_arena_take(1, 1, WORD, NULL);
    bool between = behind == unit + 10;
    assert_int_equal(hak_arena_resize(unit, 40), !between);
    hak_arena_give(behind);
    assert_true(hak_arena_resize(unit, 1));
    hak_arena_give(unit);
}

/* The tables are left out of core dumps, and take no huge pages. */
static void tables_are_advised(void **state)
{
    char line[512];
    bool in_tables = false, seen = false;
    FILE *maps = fopen("/proc/self/smaps", "r");
    while (fgets(line, sizeof line, maps)) {
        uintptr_t begin, end;
        if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
            in_tables = begin <= (uintptr_t)hak_arena.words && (uintptr_t)hak_arena.words < end;
        if (in_tables && strncmp(line, "VmFlags:", 8) == 0) {
            seen = true;
            assert_non_null(strstr(line, " dd"));
            assert_non_null(strstr(line, " nh"));
        }
    }
    fclose(maps);
    assert_true(seen);
}

/* Others read the process's memory from there. */
static void readers_find_the_tables(void **state)
{
    assert_int_equal(hak_counters->arena_base, hak_arena.base);
    assert_int_equal(hak_counters->arena_bytes, hak_arena.reserved * HAK_SLAB_BYTES);
    assert_int_equal(hak_counters->words_address, (uintptr_t)hak_arena.words);
    assert_int_equal(hak_counters->records_address, (uintptr_t)hak_arena.records);
    assert_int_equal(hak_counters->record_bytes, sizeof(struct hak_unit));
}

struct span {
    uint32_t unit, units;
};

static void check_apart(const struct span *spans, int count, const struct span *fresh)
{
    for (int i = 0; i < count; i++)
        assert_true(!spans[i].units || fresh->unit + fresh->units <= spans[i].unit ||
                    spans[i].unit + spans[i].units <= fresh->unit);
}

/* Random takes, gives, resizes and purges: no two spans overlap, and the gauges add up. */
static void random_spans_stay_apart(void **state)
{
    enum { SPANS = 100, STEPS = 20000 };
    struct span spans[SPANS] = {0};
    uint64_t seed = 5, used = 0, before = hak_counters->spans_bytes;
    for (int step = 0; step < STEPS; step++) {
        uint64_t r = random_next(&seed);
        struct span *span = &spans[r % SPANS];
        uint32_t units = 1 + (uint32_t)(r >> 8) % 40;
        if (!span->units) {
            struct span fresh = {take(units, 1u << (r >> 20) % 5), units};
            check_apart(spans, SPANS, &fresh);
            *span = fresh;
            used += units;
        } else if (r >> 30 & 1) {
            hak_arena_give(span->unit);
            used -= span->units;
            span->units = 0;
        } else if (hak_arena_resize(span->unit, units)) {
            struct span fresh = {span->unit, units};
            used = used + units - span->units;
            span->units = 0;
            check_apart(spans, SPANS, &fresh);
            *span = fresh;
        }
        if (step % 1000 == 999)
            hak_arena_purge(true);
        assert_int_equal(hak_counters->spans_bytes - before, used * HAK_SLAB_BYTES);
    }
    for (int i = 0; i < SPANS; i++)
        if (spans[i].units)
            hak_arena_give(spans[i].unit);
    assert_int_equal(hak_counters->spans_bytes, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_are_aligned),
        cmocka_unit_test(neighbours_merge),
        cmocka_unit_test(impossible_spans_are_refused),
        cmocka_unit_test(purged_spans_are_zero),
        cmocka_unit_test(spans_shrink_and_grow),
        cmocka_unit_test(readers_find_the_tables),
        cmocka_unit_test(tables_are_advised),
        cmocka_unit_test(random_spans_stay_apart),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
