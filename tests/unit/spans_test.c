/* SPDX-License-Identifier: MIT */
/* The arena's free spans: their lists, their ages, and what becomes of them. */
#include "unit.h"

#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "counters.h"
#include "factors.h"
#include "free_spans.h"
#include "heap.h"
#include "os.h"

enum { WORD = HAK_WORD_LARGE };

static int start(void **state)
{
    return hak_heap_attach() ? 0 : -1;
}

static uint32_t take(size_t units)
{
    uint32_t unit = hak_arena_take(units, 1, WORD, NULL);
    assert_int_not_equal(unit, HAK_NO_UNIT);
    return unit;
}

/* Spans in use side by side, wherever there is room for all of them: the first one's unit. */
static uint32_t row(const uint32_t *units, int count)
{
    uint32_t sum = 0, unit, first;
    for (int i = 0; i < count; i++)
        sum += units[i];
    first = unit = take(sum);
    for (int i = 0; i < count; unit += units[i++]) {
        struct hak_unit *begin = &hak_arena.records[unit], *end = begin + units[i] - 1;
        begin->state = end->state = HAK_UNIT_USED;
        begin->units = end->units = units[i];
        hak_arena.words[unit] = WORD;
    }
    return first;
}

#define ROW(...)                                                                                   \
    row((const uint32_t[]){__VA_ARGS__}, sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

/* Of any length there is one, none shorter is found for it, and the shortest list is looked in
 * first. */
static void every_length_is_found(void **state)
{
    enum { LENGTHS = 90 };
    uint32_t unit[LENGTHS + 1], wall[LENGTHS + 1];
    hak_arena_purge(true);
    for (uint32_t n = 1; n <= LENGTHS; n++) {
        unit[n] = take(n);
        wall[n] = take(1);
    }
    for (uint32_t n = 1; n <= LENGTHS; n++)
        hak_arena_give(unit[n]);
    for (uint32_t n = 1; n <= LENGTHS; n++) {
        uint32_t found = hak_free_spans_find(n);
        assert_int_not_equal(found, HAK_NO_UNIT);
        assert_int_equal(hak_arena.records[found].state, HAK_UNIT_FREE);
        assert_in_range(hak_arena.records[found].units, n, n < 16 ? n : n + n / 2 + 1);
    }
    /* Each is taken whole, and the rest of a longer one stays. */
    for (uint32_t n = 1; n < 16; n++) {
        uint32_t again = take(n);
        assert_true(hak_arena.records[again].units == n);
        unit[n] = again;
    }
    for (uint32_t n = 1; n < 16; n++)
        hak_arena_give(unit[n]);
    for (uint32_t n = 1; n <= LENGTHS; n++)
        hak_arena_give(wall[n]);
}

/* Of the same length the lowest address. */
static void the_lowest_is_taken_first(void **state)
{
    enum { LENGTH = 13 };
    uint32_t unit[10], last = 0;
    while (hak_free_spans_find(LENGTH) != HAK_NO_UNIT) /* what others left */
        take(LENGTH);
    for (int i = 0; i < 10; i++)
        unit[i] = ROW(1, LENGTH, 1) + 1;
    static const int order[] = {4, 1, 8, 0, 9, 3, 2, 7, 5, 6};
    for (int i = 0; i < 10; i++)
        hak_arena_give(unit[order[i]]);
    for (int i = 0; i < 10; i++) {
        uint32_t again = take(LENGTH);
        assert_true(again > last);
        last = again;
    }
    for (int i = 0; i < 10; i++) {
        hak_arena_give(unit[i]);
        hak_arena_give(unit[i] + LENGTH);
        hak_arena_give(unit[i] - 1);
    }
}

/* Straight into the lists, with times of our own; the clock may wrap. */
static void the_oldest_is_known(void **state)
{
    uint32_t a = take(3), wall_a = take(1), b = take(4), wall_b = take(1), c = take(5),
             wall_c = take(1);
    hak_arena_purge(true);
    assert_int_equal(hak_free_spans_oldest(), HAK_NO_UNIT);
    hak_free_spans_insert(a, 3, true, UINT32_MAX - 5);
    assert_int_equal(hak_free_spans_oldest(), a);
    hak_free_spans_insert(b, 4, true, 10); /* later, by wrapping */
    assert_int_equal(hak_free_spans_oldest(), a);
    hak_free_spans_insert(c, 5, true, UINT32_MAX - 50);
    assert_int_equal(hak_free_spans_oldest(), c);
    assert_int_equal(hak_arena.records[c].newer, a);
    assert_int_equal(hak_arena.records[a].newer, b);
    assert_int_equal(hak_arena.records[b].newer, HAK_NO_UNIT);
    assert_int_equal(hak_arena.records[b].older, a);
    hak_free_spans_remove(a);
    assert_int_equal(hak_arena.records[c].newer, b);
    assert_int_equal(hak_arena.records[b].older, c);
    hak_free_spans_remove(c);
    assert_int_equal(hak_free_spans_oldest(), b);
    hak_free_spans_insert(a, 3, false, 99); /* clean ones have no age */
    assert_int_equal(hak_free_spans_oldest(), b);
    hak_free_spans_remove(b);
    assert_int_equal(hak_free_spans_oldest(), HAK_NO_UNIT);
    hak_free_spans_insert(b, 4, true, 7);
    assert_int_equal(hak_free_spans_oldest(), b);
    hak_free_spans_remove(b);
    hak_free_spans_remove(a);
    uint32_t all[] = {a, b, c, wall_a, wall_b, wall_c}, units[] = {3, 4, 5, 1, 1, 1};
    for (int i = 0; i < 6; i++) {
        hak_arena.records[all[i]].state = hak_arena.records[all[i] + units[i] - 1].state =
            HAK_UNIT_USED;
        hak_arena_give(all[i]);
    }
}

/* A merged span is dirty where a part was, and as old as its larger dirty part. */
static void merged_spans_keep_the_larger_age(void **state)
{
    uint32_t wall = ROW(1, 2, 9, 1, 1), small = wall + 1, large = wall + 3, last = wall + 12;
    hak_arena_give(small);
    hak_arena.records[small].freed_at -= 1000;
    uint32_t old = hak_arena.records[small].freed_at;
    hak_arena_give(large); /* larger than its neighbour: its own age */
    assert_int_equal(hak_arena.records[small].units, 11);
    assert_int_equal(hak_arena.records[small + 10].units, 11);
    assert_int_equal(hak_arena.records[small].previous, HAK_NO_UNIT);
    assert_true(hak_arena.records[small].dirty && hak_arena.records[small].freed_at - old >= 1000);
    hak_arena.records[small].freed_at = old + 700; /* not old enough to be purged */
    hak_arena_give(last);                          /* smaller: the neighbour's */
    assert_int_equal(hak_arena.records[small].units, 12);
    assert_int_equal(hak_arena.records[small].freed_at, old + 700);
    hak_arena_give(wall);
    hak_arena_give(wall + 13);
}

/* Between two free ones, all three become one. */
static void spans_merge_on_both_sides(void **state)
{
    uint32_t wall = ROW(1, 4, 2, 5, 1), a = wall + 1, b = wall + 5, c = wall + 7;
    uint64_t retained = hak_counters->retained_bytes;
    hak_arena_give(a);
    hak_arena_give(c);
    hak_arena_give(b);
    assert_int_equal(hak_arena.records[a].units, 11);
    assert_int_equal(hak_arena.records[a + 10].units, 11);
    assert_int_equal(hak_counters->retained_bytes, retained + 11 * HAK_SLAB_BYTES);
    /* Clean ones stay clean among themselves, and a dirty neighbour makes the whole dirty. */
    hak_arena_purge(true);
    assert_false(hak_arena.records[a].dirty);
    hak_arena_give_zero(wall + 12);
    uint32_t first = a;
    assert_int_equal(hak_arena.records[first].state, HAK_UNIT_FREE);
    assert_false(hak_arena.records[first].dirty);
    assert_int_equal(hak_counters->retained_bytes, 0);
    hak_arena_give(wall);
    assert_true(hak_counters->retained_bytes >= 13 * HAK_SLAB_BYTES);
}

/* A span is purged when it has been free for half a second, not before; `true` purges at once. */
static void old_spans_are_purged(void **state)
{
    hak_arena_purge(true);
    uint32_t before_it = ROW(1, 20, 3, 1), unit = before_it + 1, other = unit + 20,
             wall = other + 3;
    memset(hak_unit_address(unit), 1, 20 * HAK_SLAB_BYTES);
    hak_arena_give(unit);
    uint64_t retained = hak_counters->retained_bytes;
    assert_int_equal(retained, 20 * HAK_SLAB_BYTES);
    assert_int_equal(hak_arena_purge(false), 0);
    hak_arena.records[unit].freed_at = hak_os_milliseconds() - 495;
    assert_int_equal(hak_arena_purge(false), 0);
    hak_arena.records[unit].freed_at = hak_os_milliseconds() - 500;
    assert_int_equal(hak_arena_purge(false), 20 * HAK_SLAB_BYTES);
    assert_int_equal(hak_counters->retained_bytes, 0);
    assert_int_equal(*(char *)hak_unit_address(unit), 0);
    assert_int_equal(hak_free_spans_oldest(), HAK_NO_UNIT);
    /* What is given back next looks after those that have become old. */
    bool zero = false;
    while (hak_free_spans_find(20) != unit)
        take(20);
    unit = hak_arena_take(20, 1, WORD, &zero);
    assert_true(zero);
    uint32_t lone = ROW(2, 1);
    hak_arena_give(unit);
    hak_arena.records[unit].freed_at -= 600;
    struct hak_counter_page before, after;
    hak_counters_sum(&before);
    hak_arena_give(lone);
    hak_counters_sum(&after);
    assert_int_equal(after.count[HAK_COUNT_purges] - before.count[HAK_COUNT_purges], 1);
    assert_int_equal(after.count[HAK_COUNT_purged_bytes] - before.count[HAK_COUNT_purged_bytes],
                     20 * HAK_SLAB_BYTES);
    hak_arena_give(before_it);
    hak_arena_give(other);
    hak_arena_give(wall);
    hak_arena_give(lone + 2);
}

/* What was never handed out, what was purged and what is given back as such is zero; the rest is
 * not. */
static void zero_is_said_of_zero_alone(void **state)
{
    bool zero = true;
    hak_arena_purge(true);
    enum { LENGTH = 11 };
    while (hak_free_spans_find(LENGTH) != HAK_NO_UNIT)
        take(LENGTH);
    uint32_t unit = ROW(1, LENGTH, 1) + 1;
    hak_arena_give(unit);
    assert_int_equal(hak_arena_take(LENGTH, 1, WORD, &zero), unit);
    assert_false(zero);
    hak_os_purge(hak_unit_address(unit), LENGTH * HAK_SLAB_BYTES);
    hak_arena_give_zero(unit);
    assert_int_equal(hak_arena_take(LENGTH, 1, WORD, &zero), unit);
    assert_true(zero);
    hak_arena_give(unit);
    hak_arena_give(unit - 1);
    hak_arena_give(unit + LENGTH);
}

/* An aligned span leaves the gap before it as a free one, which holds nothing. */
static void gaps_before_aligned_spans_serve(void **state)
{
    uint32_t unit = hak_arena_take(64, 1024, WORD, NULL);
    uint64_t retained = hak_counters->retained_bytes, spans = hak_counters->spans_bytes;
    assert_int_equal((uintptr_t)hak_unit_address(unit) % (1024 * (uintptr_t)HAK_SLAB_BYTES), 0);
    const struct hak_unit *before = &hak_arena.records[unit - 1];
    assert_int_equal(before->state, HAK_UNIT_FREE);
    uint32_t gap = unit - before->units;
    assert_int_equal(hak_arena.records[gap].units, before->units);
    uint32_t inside = take(before->units);
    assert_true(inside <= gap);
    assert_true(hak_counters->retained_bytes <= retained);
    hak_arena_give(inside);
    assert_int_equal(hak_counters->spans_bytes, spans);
    hak_arena_give(unit);
}

/* Tables grow with the range; what they take is counted. */
static void the_range_grows_by_steps(void **state)
{
    uint64_t committed = hak_counters->committed_bytes, metadata = hak_counters->metadata_bytes;
    uintptr_t units = hak_arena_units;
    assert_int_equal(committed, units * HAK_SLAB_BYTES);
    uint32_t unit = take(units + 1);
    assert_true(hak_arena_units >= 2 * units + 1 || hak_arena_units >= units + units / 4);
    assert_true(hak_arena_units >= unit + units + 1);
    assert_int_equal(hak_counters->committed_bytes, hak_arena_units * HAK_SLAB_BYTES);
    assert_int_equal(hak_counters->metadata_bytes - metadata,
                     (hak_arena_units - units) * (4 + sizeof(struct hak_unit) + HAK_SLAB_BITS / 8) +
                         (hak_superslabs_of(hak_arena_units) - hak_superslabs_of(units)) *
                             (HAK_METADATA_INDEX_BYTES + HAK_METADATA_GROUP_BYTES));
    /* The last unit is there. */
    ((char *)hak_unit_address(unit))[(units + 1) * HAK_SLAB_BYTES - 1] = 1;
    hak_arena.records[hak_arena_units - 1].dirty = false;
    hak_arena_give(unit);
}

/* In place: into what is free behind it, or beyond the top; a rest stays free. */
static void spans_resize_in_place(void **state)
{
    uint64_t spans = hak_counters->spans_bytes, retained;
    uint32_t unit = ROW(10, 10, 1), next = unit + 10, wall = unit + 20;
    assert_false(hak_arena_resize(unit, 11));
    hak_arena_give(next);
    retained = hak_counters->retained_bytes;
    assert_false(hak_arena_resize(unit, 21));
    assert_true(hak_arena_resize(unit, 13));
    assert_int_equal(hak_arena.records[unit].units, 13);
    assert_int_equal(hak_arena.records[unit + 12].units, 13);
    assert_int_equal(hak_arena.records[unit + 12].state, HAK_UNIT_USED);
    assert_int_equal(hak_arena.records[unit + 13].units, 7);
    assert_int_equal(hak_arena.records[unit + 13].state, HAK_UNIT_FREE);
    assert_int_equal(hak_counters->retained_bytes, retained - 3 * HAK_SLAB_BYTES);
    assert_int_equal(hak_counters->spans_bytes, spans + 14 * HAK_SLAB_BYTES);
    assert_true(hak_arena_resize(unit, 20)); /* all of it */
    assert_int_equal(hak_arena.records[unit].units, 20);
    assert_true(hak_arena_resize(unit, 20));
    assert_true(hak_arena_resize(unit, 4));
    assert_int_equal(hak_arena.records[unit + 4].units, 16);
    assert_int_equal(hak_arena.words[unit], WORD);
    assert_int_equal(hak_counters->spans_bytes, spans + 5 * HAK_SLAB_BYTES);
    hak_arena_give(unit);
    hak_arena_give(wall);
    assert_int_equal(hak_counters->spans_bytes, spans);
    /* The last one of all grows beyond. */
    unit = take(hak_arena_units);
    assert_true(hak_arena_resize(unit, hak_arena.records[unit].units + 50));
    ((char *)hak_unit_address(unit))[(size_t)hak_arena.records[unit].units * HAK_SLAB_BYTES - 1] =
        1;
    assert_false(hak_arena_resize(unit, hak_arena.reserved + 1));
    hak_arena_give(unit);
    assert_int_equal(hak_counters->spans_bytes, spans);
}

static void use_up(size_t units)
{
    while (hak_free_spans_find(units) != HAK_NO_UNIT)
        take(units);
}

/* However many shorter ones there are; and where there is none of the length, the next longer. */
static void shorter_ones_hide_none(void **state)
{
    uint32_t many[40];
    use_up(7);
    uint32_t seven = ROW(1, 7, 1) + 1;
    for (int i = 0; i < 40; i++)
        many[i] = ROW(1, 3, 1) + 1;
    hak_arena_give(seven);
    for (int i = 0; i < 40; i++)
        hak_arena_give(many[i]);
    assert_int_equal(hak_free_spans_find(7), seven);
    assert_int_equal(hak_free_spans_find(6), seven);
    assert_int_equal(hak_free_spans_find(5), seven);
    assert_int_equal(hak_free_spans_find(8), HAK_NO_UNIT);
    for (int i = 0; i < 40; i++) {
        hak_arena_give(many[i] - 1);
        hak_arena_give(many[i] + 3);
    }
    hak_arena_give(seven - 1);
    hak_arena_give(seven + 7);
}

static void times_are_compared(void **state)
{
    uint32_t a = ROW(3, 1, 4, 1), b = a + 4;
    hak_arena_purge(true);
    hak_free_spans_insert(a, 3, true, 100);
    hak_free_spans_insert(b, 4, true, 50);
    assert_int_equal(hak_free_spans_oldest(), b);
    hak_free_spans_remove(b);
    hak_free_spans_insert(b, 4, true, 100); /* at the same time: the newer one */
    assert_int_equal(hak_free_spans_oldest(), a);
    hak_free_spans_remove(a);
    hak_free_spans_remove(b);
    hak_arena.records[a].state = hak_arena.records[b].state = HAK_UNIT_USED;
    hak_arena.records[a + 2].state = hak_arena.records[b + 3].state = HAK_UNIT_USED;
    hak_arena_give(a);
    hak_arena_give(b);
}

/* Beyond 4 GiB lists are another word of the bitmap. */
static void very_long_spans_are_found(void **state)
{
    use_up(61000);
    uint32_t shorter = ROW(1, 66000, 1) + 1, longer = ROW(1, 82000, 1) + 1;
    hak_arena_give(shorter);
    hak_arena_give(longer);
    uint32_t found = hak_free_spans_find(81000);
    assert_int_not_equal(found, HAK_NO_UNIT);
    assert_true(hak_arena.records[found].units >= 81000);
    assert_int_equal(hak_free_spans_find(61000), shorter);
    hak_arena_give(shorter - 1);
    hak_arena_give(longer - 1);
    hak_arena_give(shorter + 66000);
    hak_arena_give(longer + 82000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_is_found),
        cmocka_unit_test(the_lowest_is_taken_first),
        cmocka_unit_test(the_oldest_is_known),
        cmocka_unit_test(merged_spans_keep_the_larger_age),
        cmocka_unit_test(spans_merge_on_both_sides),
        cmocka_unit_test(old_spans_are_purged),
        cmocka_unit_test(zero_is_said_of_zero_alone),
        cmocka_unit_test(gaps_before_aligned_spans_serve),
        cmocka_unit_test(the_range_grows_by_steps),
        cmocka_unit_test(spans_resize_in_place),
        cmocka_unit_test(shorter_ones_hide_none),
        cmocka_unit_test(times_are_compared),
        cmocka_unit_test(very_long_spans_are_found),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
