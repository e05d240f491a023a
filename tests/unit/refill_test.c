/* SPDX-License-Identifier: MIT */
/* A thread's magazine runs empty, or full: where blocks come from and go to, and how it is counted.
 */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "counters.h"
#include "depot.h"
#include "export.h"
#include "heap.h"
#include "os.h"
#include "refill.h"
#include "remote.h"
#include "support/child.h"

enum { MANY = 60000 };

static struct hak_thread *thread;
static struct hak_heap *heap;
static void *blocks[MANY];
static struct hak_counter_page before;

static int start(void **state)
{
    hakmem_free(hakmem_malloc(1));
    thread = &hak_thread;
    heap = thread->heap;
    return heap ? 0 : -1;
}

static uint64_t since(enum hak_counter counter)
{
    struct hak_counter_page now;
    hak_counters_sum(&now);
    return now.count[counter] - before.count[counter];
}

static void take(size_t bytes, int count)
{
    for (int i = 0; i < count; i++)
        assert_non_null(blocks[i] = hakmem_malloc(bytes));
}

static void give(int count)
{
    for (int i = 0; i < count; i++)
        hakmem_free(blocks[i]);
}

/* No look at the clock comes in between. */
static void quiet(void)
{
    heap->tick = 1;
    heap->looked_at = heap->armed_at = heap->decayed_at = hak_os_milliseconds();
    for (size_t c = 0; c < HAK_CLASSES; c++)
        if (thread->rest[c].turn < 1000)
            thread->rest[c].turn += 1000, heap->tally[c].granted += 1000;
}

/* Four blocks at first, then twice as many each time, up to a whole magazine. */
static void refills_double(void **state)
{
    size_t c = 2, bytes = 48;
    uint32_t expected = 4, taken = 0, slots = hak_magazine_slots(c);
    quiet();
    hak_counters_sum(&before);
    for (int refills = 1; refills < 9; refills++) {
        blocks[taken++] = hakmem_malloc(bytes);
        assert_int_equal(hak_top_count(thread->top[c]), expected - 1);
        assert_int_equal(since(HAK_COUNT_refills), refills);
        assert_int_equal(since(HAK_COUNT_refills_slab), refills);
        while (hak_top_count(thread->top[c]) > 0)
            blocks[taken++] = hakmem_malloc(bytes);
        expected = 2 * expected < slots ? 2 * expected : slots;
    }
    assert_int_equal(since(HAK_COUNT_refills_depot) + since(HAK_COUNT_refills_remote), 0);
    assert_int_equal(since(HAK_COUNT_slab_blocks_taken), taken);
    assert_int_equal(heap->busy, 0);
    give((int)taken);
}

/* A malloc that a slow path serves is on the page at once: there may be no other. */
static void slow_ones_are_counted_at_once(void **state)
{
    size_t c = 30, bytes = 960;
    uint64_t mallocs = thread->counters->mallocs[c];
    void *block = hakmem_malloc(bytes);
    assert_int_equal(thread->counters->mallocs[c], mallocs + 1);
    hakmem_free(block);
}

/* Few blocks of a class whose blocks are big: a magazine is full before its end. */
static void big_blocks_are_few(void **state)
{
    size_t c = 57, bytes = 10000;
    uint32_t slots = hak_magazine_slots(c);
    assert_true(slots < 16);
    quiet();
    hak_counters_sum(&before);
    take(bytes, 100);
    give(100);
    assert_true(hak_top_count(thread->top[c]) <= slots);
    assert_true(heap->bin[c].depot_bytes <= HAK_BIG_DEPOT_BYTES);
    assert_true(since(HAK_COUNT_overflows_slab) > 0);
    assert_int_equal(since(HAK_COUNT_overflows),
                     since(HAK_COUNT_overflows_slab) + since(HAK_COUNT_overflows_depot));
}

/* What overflows goes to the depot, and comes back from there; whole magazines each time. */
static void full_magazines_go_and_come(void **state)
{
    size_t c = 1, bytes = 32;
    int count = 10 * HAK_MAGAZINE_SLOTS + 5;
    take(bytes, count);
    hak_heap_trim();
    quiet();
    hak_counters_sum(&before);
    uint32_t tick = heap->tick;
    give(count);
    assert_int_equal(since(HAK_COUNT_overflows), 10);
    assert_int_equal(since(HAK_COUNT_overflows_depot), 10);
    assert_int_equal(heap->bin[c].depot_count, 10);
    assert_int_equal(heap->bin[c].depot_bytes, 10 * HAK_MAGAZINE_SLOTS * bytes);
    assert_int_equal(hak_top_count(thread->top[c]), 5);
    assert_int_equal(heap->tick, tick + 10);
    assert_int_equal(since(HAK_COUNT_slab_blocks_given), 0);
    quiet();
    tick = heap->tick;
    take(bytes, count);
    assert_int_equal(since(HAK_COUNT_refills), 10);
    assert_int_equal(since(HAK_COUNT_refills_depot), 10);
    assert_int_equal(heap->tick, tick + 10);
    assert_int_equal(heap->bin[c].depot_count, 0);
    assert_int_equal(heap->bin[c].depot_bytes, 0);
    assert_int_equal(since(HAK_COUNT_slab_blocks_taken), 0);
    assert_int_equal(heap->busy, 0);
    give(count);
}

/* Beyond the depot's bound the older half of a magazine goes to slabs, and the warm half stays. */
static void beyond_the_depot(void **state)
{
    size_t c = 16, bytes = 288;
    int most = HAK_DEPOT_BYTES / (HAK_MAGAZINE_SLOTS * 288) * HAK_MAGAZINE_SLOTS;
    take(bytes, most + 3 * HAK_MAGAZINE_SLOTS);
    hak_heap_trim();
    quiet();
    hak_counters_sum(&before);
    int at = 0;
    while (since(HAK_COUNT_overflows_slab) == 0)
        hakmem_free(blocks[at++]);
    assert_int_equal(heap->bin[c].depot_bytes, most * bytes);
    assert_int_equal(hak_top_count(thread->top[c]), HAK_MAGAZINE_SLOTS / 2 + 1);
    assert_int_equal(since(HAK_COUNT_slab_blocks_given), (HAK_MAGAZINE_SLOTS + 1) / 2);
    assert_true(hak_slab_is_free(blocks[at - 1 - HAK_MAGAZINE_SLOTS]));
    assert_false(hak_slab_is_free(blocks[at - 2]));
    assert_ptr_equal(hakmem_malloc(bytes), blocks[at - 1]);
    assert_ptr_equal(hakmem_malloc(bytes), blocks[at - 2]);
    for (int i = at - 2; i < most + 3 * HAK_MAGAZINE_SLOTS; i++)
        hakmem_free(blocks[i]);
}

static void *free_some(void *count)
{
    for (uintptr_t i = 0; i < (uintptr_t)count; i++)
        hakmem_free(blocks[i]);
    return NULL;
}

/* What others freed serves first. */
static void others_frees_serve(void **state)
{
    pthread_t other;
    size_t bytes = 100;
    take(bytes, 2 * HAK_REMOTE_BATCH);
    hak_heap_trim();
    pthread_create(&other, NULL, free_some, (void *)(uintptr_t)(2 * HAK_REMOTE_BATCH));
    pthread_join(other, NULL);
    quiet();
    hak_counters_sum(&before);
    void *block = hakmem_malloc(bytes);
    assert_int_equal(since(HAK_COUNT_refills_remote), 1);
    assert_int_equal(since(HAK_COUNT_refills), 1);
    assert_int_equal(since(HAK_COUNT_refills_slab) + since(HAK_COUNT_refills_depot), 0);
    bool found = false;
    for (int i = 0; i < 2 * HAK_REMOTE_BATCH; i++)
        found |= block == blocks[i];
    assert_true(found);
    for (int i = 1; i < 2 * HAK_REMOTE_BATCH; i++)
        blocks[MANY / 2 + i] = hakmem_malloc(bytes);
    assert_int_equal(since(HAK_COUNT_refills_depot), 1);
    assert_int_equal(since(HAK_COUNT_slab_blocks_taken), 0);
    for (int i = 1; i < 2 * HAK_REMOTE_BATCH; i++)
        hakmem_free(blocks[MANY / 2 + i]);
    hakmem_free(block);
}

/* A refill may be an occasion to begin all turns anew: the malloc it serves is taken off its own.
 */
static void a_turn_never_passes_zero(void **state)
{
    size_t c = 12, bytes = 208;
    for (int round = 0; round < 50; round++) {
        take(bytes, 300);
        hak_heap_trim();
        heap->tick = 15 + 16u * (uint32_t)round;
        heap->armed_at -= 100;
        void *block = hakmem_malloc(bytes);
        assert_in_range(thread->rest[c].turn, 1, 257);
        hakmem_free(block);
        give(300);
        heap->tick = 15 + 16u * (uint32_t)round;
        heap->armed_at -= 100;
        while (hak_top_count(thread->top[c]) > 0) {
            block = hakmem_malloc(bytes);
            assert_in_range(thread->rest[c].turn, 1, 1257);
        }
        block = hakmem_malloc(bytes); /* from the depot */
        assert_in_range(thread->rest[c].turn, 1, 1257);
    }
}

/* Upkeep in a swap may empty the depot, and then there is none to swap with. */
static void swaps_survive_upkeep(void **state)
{
    size_t c = 14, bytes = 240;
    take(bytes, 3 * HAK_MAGAZINE_SLOTS);
    give(3 * HAK_MAGAZINE_SLOTS);
    while (hak_top_count(thread->top[c]) > 0)
        hakmem_malloc(bytes);
    struct hak_bin *bin = &heap->bin[c];
    assert_true(bin->depot_count > 0);
    bin->depot_low = bin->depot_count;
    heap->tick = 15;
    heap->decayed_at -= 1000;
    void *block = hakmem_malloc(bytes);
    assert_non_null(block);
    assert_int_equal(heap->busy, 0);
    assert_int_equal(bin->depot_count, 0);
    hakmem_free(block);
}

/* All goes back, and the magazines stay with the heap. */
static void a_flush_leaves_nothing(void **state)
{
    take(64, 2000);
    give(2000);
    take(5000, 200);
    give(200);
    hak_heap_trim();
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        assert_int_equal(heap->bin[c].depot_count, 0);
        assert_int_equal(heap->bin[c].depot_bytes, 0);
        assert_null(heap->bin[c].depot);
        assert_int_equal(hak_top_count(thread->top[c]), 0);
        assert_int_equal(heap->bin[c].spare, HAK_NO_UNIT);
    }
    assert_true(heap->empty_count < HAK_EMPTY_LIMIT + heap->empty_more);
    uint32_t linked = 0;
    for (struct hak_magazine *m = heap->empty; m; m = hak_link_next(m->link))
        linked++;
    assert_int_equal(linked, heap->empty_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refills_double),           cmocka_unit_test(slow_ones_are_counted_at_once),
        cmocka_unit_test(big_blocks_are_few),       cmocka_unit_test(full_magazines_go_and_come),
        cmocka_unit_test(beyond_the_depot),         cmocka_unit_test(others_frees_serve),
        cmocka_unit_test(a_turn_never_passes_zero), cmocka_unit_test(swaps_survive_upkeep),
        cmocka_unit_test(a_flush_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
