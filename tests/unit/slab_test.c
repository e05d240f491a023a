/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "counters.h"
#include "heap.h"
#include "slab.h"
#include "support/child.h"

enum { MANY = 5000 };

static struct hak_heap *heap;
static void *blocks[MANY];

static int start(void **state)
{
    if (!hak_heap_attach())
        return -1;
    heap = hak_thread.heap;
    return 0;
}

static uint32_t take_many(size_t size_class)
{
    uint32_t wish = 3 * HAK_SLAB_BYTES / hak_class_bytes[size_class], taken = 0;
    if (wish > MANY)
        wish = MANY;
    while (taken < wish) {
        uint32_t want = wish - taken < HAK_MAGAZINE_SLOTS ? wish - taken : HAK_MAGAZINE_SLOTS;
        uint32_t got = hak_slab_take(heap, size_class, blocks + taken, want);
        assert_in_range(got, 1, want);
        taken += got;
    }
    return taken;
}

static int by_address(const void *a, const void *b)
{
    uintptr_t x = *(const uintptr_t *)a, y = *(const uintptr_t *)b;
    return (x > y) - (x < y);
}

static void blocks_are_apart_and_whole(void **state)
{
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        uint32_t taken = take_many(c), bytes = hak_class_bytes[c];
        qsort(blocks, taken, sizeof *blocks, by_address);
        for (uint32_t i = 0; i < taken; i++) {
            uintptr_t p = (uintptr_t)blocks[i];
            assert_int_equal(p % HAK_GRAIN, 0);
            assert_true(p % HAK_SLAB_BYTES + bytes <= HAK_SLAB_BYTES);
            assert_true(i == 0 || p - (uintptr_t)blocks[i - 1] >= bytes);
            assert_int_equal(hak_slab_of(blocks[i])->size_class, c);
            assert_false(hak_slab_is_free(blocks[i]));
        }
        for (uint32_t i = 0; i < taken; i++)
            hak_slab_give(heap, blocks[i]);
    }
}

static void lowest_address_is_popped_first(void **state)
{
    void *some[8];
    assert_int_equal(hak_slab_take(heap, 3, some, 8), 8);
    assert_true(some[7] < some[0]); /* a magazine pops from its end */
    for (int i = 0; i < 8; i++)
        hak_slab_give(heap, some[i]);
}

static void given_blocks_are_free(void **state)
{
    void *pair[2];
    assert_int_equal(hak_slab_take(heap, 5, pair, 2), 2);
    hak_slab_give(heap, pair[0]);
    assert_true(hak_slab_is_free(pair[0]));
    assert_false(hak_slab_is_free(pair[1]));
    hak_slab_give(heap, pair[1]);
}

static void blocks_come_back(void **state)
{
    void *first[4], *second[4];
    assert_int_equal(hak_slab_take(heap, 7, first, 4), 4);
    hak_slab_give(heap, first[2]);
    assert_int_equal(hak_slab_take(heap, 7, second, 1), 1);
    assert_ptr_equal(second[0], first[2]);
    hak_slab_give(heap, second[0]);
    for (int i = 0; i < 4; i++)
        if (i != 2)
            hak_slab_give(heap, first[i]);
}

static void empty_slabs_go_back(void **state)
{
    hak_slab_trim(heap);
    uint64_t spans = hak_counters->spans_bytes;
    uint32_t taken = take_many(10);
    assert_true(hak_counters->spans_bytes >= spans + 2 * HAK_SLAB_BYTES);
    for (uint32_t i = 0; i < taken; i++)
        hak_slab_give(heap, blocks[i]);
    hak_slab_trim(heap);
    assert_int_equal(hak_counters->spans_bytes, spans);
    assert_int_equal(heap->bin[10].slab_count, 0);
}

/* A slab all of whose blocks were carved stays in the list for those that came back. */
static void what_came_back_serves_first(void **state)
{
    uint32_t most = HAK_SLAB_BYTES / hak_class_bytes[43], taken = 0;
    hak_slab_trim(heap);
    while (taken < most)
        taken += hak_slab_take(heap, 43, blocks + taken, most - taken < 20 ? most - taken : 20);
    assert_int_equal(heap->bin[43].slab_count, 1);
    assert_int_equal(heap->bin[43].slabs, HAK_NO_UNIT);
    for (int i = 0; i < 5; i++)
        hak_slab_give(heap, blocks[i]);
    void *again[5];
    assert_int_equal(hak_slab_take(heap, 43, again, 2), 2);
    assert_int_equal(hak_slab_take(heap, 43, again + 2, 3), 3);
    assert_int_equal(heap->bin[43].slab_count, 1);
    for (uint32_t i = 0; i < most; i++)
        hak_slab_give(heap, blocks[i]);
    assert_int_equal(heap->bin[43].slab_count, 0);
}

/* Of blocks up to 2 KiB an empty slab is kept, of bigger ones none; and only one. */
static void one_empty_slab_is_kept(void **state)
{
    void *one, *two;
    hak_slab_trim(heap);
    for (size_t c = 36; c < 44; c++) {
        uint64_t spans = hak_counters->spans_bytes;
        hak_slab_take(heap, c, &one, 1);
        hak_slab_give(heap, one);
        assert_int_equal(heap->bin[c].slab_count, c < HAK_SMALL_CLASSES);
        assert_int_equal(heap->bin[c].spare != HAK_NO_UNIT, c < HAK_SMALL_CLASSES);
        assert_int_equal(hak_slab_take(heap, c, &two, 1), 1);
        hak_slab_give(heap, two);
        hak_slab_trim_class(heap, c);
        assert_int_equal(hak_counters->spans_bytes, spans);
    }
    uint32_t taken = take_many(38);
    for (uint32_t i = 0; i < taken; i++)
        hak_slab_give(heap, blocks[i]);
    assert_int_equal(heap->bin[38].slab_count, 1);
}

static void give_twice(void *block)
{
    hak_slab_give(heap, block);
    hak_slab_give(heap, block);
}

static void second_give_stops(void **state)
{
    void *pair[2];
    assert_int_equal(hak_slab_take(heap, 6, pair, 2), 2);
    struct child_end end = child_run(give_twice, pair[0], 20);
    assert_true(child_accused(&end, pair[0]));
    assert_non_null(strstr(end.text, "double free"));
    hak_slab_give(heap, pair[0]);
    hak_slab_give(heap, pair[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_apart_and_whole),
        cmocka_unit_test(lowest_address_is_popped_first),
        cmocka_unit_test(given_blocks_are_free),
        cmocka_unit_test(blocks_come_back),
        cmocka_unit_test(empty_slabs_go_back),
        cmocka_unit_test(what_came_back_serves_first),
        cmocka_unit_test(one_empty_slab_is_kept),
        cmocka_unit_test(second_give_stops),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
