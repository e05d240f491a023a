/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <pthread.h>
#include <string.h>

#include "counters.h"
#include "export.h"
#include "heap.h"
#include "remote.h"

enum { BLOCKS = 1000, SIZE = 64 };

static void *blocks[BLOCKS];
static pthread_barrier_t freed, looked;

static int start(void **state)
{
    return hak_heap_attach() ? 0 : -1;
}

static uint64_t word_of(const void *block)
{
    return hak_arena.words[hak_unit_of(block)];
}

static void take_blocks(void)
{
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i] = hakmem_malloc(SIZE);
        assert_non_null(blocks[i]);
        assert_int_equal(word_of(blocks[i]) >> 8, hak_thread.heap->owner);
    }
}

static void *free_and_wait(void *count)
{
    for (uintptr_t i = 0; i < (uintptr_t)count; i++)
        hakmem_free(blocks[i]);
    pthread_barrier_wait(&freed);
    pthread_barrier_wait(&looked);
    return NULL;
}

/* Full magazines arrive while the freeing thread lives; the rest when it ends. */
static void magazines_are_published_when_full(void **state)
{
    pthread_t thread;
    uintptr_t count = 2 * HAK_REMOTE_BATCH + 5;
    take_blocks();
    hak_remote_collect(hak_thread.heap);
    pthread_barrier_init(&freed, NULL, 2);
    pthread_barrier_init(&looked, NULL, 2);
    pthread_create(&thread, NULL, free_and_wait, (void *)count);
    pthread_barrier_wait(&freed);
    assert_true(hak_remote_pending(hak_thread.heap));
    assert_int_equal(hak_remote_collect(hak_thread.heap), 2 * HAK_REMOTE_BATCH);
    assert_false(hak_remote_pending(hak_thread.heap));
    pthread_barrier_wait(&looked);
    pthread_join(thread, NULL);
    assert_int_equal(hak_remote_collect(hak_thread.heap), 5);
    for (uintptr_t i = count; i < BLOCKS; i++)
        hakmem_free(blocks[i]);
}

static void *free_some(void *unused)
{
    for (int i = 0; i < BLOCKS; i++)
        hakmem_free(blocks[i]);
    return unused;
}

static void what_is_published_is_collected(void **state)
{
    pthread_t thread;
    struct hak_counter_page before, after;
    take_blocks();
    hak_remote_collect(hak_thread.heap);
    hak_counters_sum(&before);
    pthread_create(&thread, NULL, free_some, NULL);
    pthread_join(thread, NULL);
    uint32_t found = hak_remote_collect(hak_thread.heap);
    hak_counters_sum(&after);
    assert_int_equal(found, BLOCKS);
    assert_int_equal(after.count[HAK_COUNT_remote_frees] - before.count[HAK_COUNT_remote_frees],
                     BLOCKS);
    assert_int_equal(after.frees[3] - before.frees[3], BLOCKS);
    assert_int_equal(after.count[HAK_COUNT_remote_blocks_published] -
                         before.count[HAK_COUNT_remote_blocks_published],
                     BLOCKS);
    assert_int_equal(after.count[HAK_COUNT_remote_blocks_collected] -
                         before.count[HAK_COUNT_remote_blocks_collected],
                     BLOCKS);
}

/* Every class of eight neighbours among the owners has a place of its own. */
static void outbox_places_do_not_meet(void **state)
{
    bool taken[HAK_OUTBOX_SLOTS] = {false};
    for (uint64_t owner = 5; owner < 13; owner++) {
        for (uint64_t c = 0; c < HAK_CLASSES; c++) {
            size_t place = hak_outbox_place(owner << 8 | c);
            assert_in_range(place, 0, HAK_OUTBOX_SLOTS - 1);
            assert_false(taken[place]);
            taken[place] = true;
        }
    }
}

static void *send_home(void *unused)
{
    assert_true(hak_heap_attach());
    struct hak_heap *heap = hak_thread.heap;
    uint64_t word = word_of(blocks[0]);
    struct hak_outbox_slot *slot = &heap->outbox.slot[hak_outbox_place(word)];
    uint64_t before = hak_thread.counters->count[HAK_COUNT_remote_frees];
    for (int i = 0; i < 5; i++)
        hakmem_free(blocks[i]);
    /* Gathered in one place, in the order of the frees, and counted. */
    uint32_t expected = HAK_REMOTE_BATCH < 5 ? 0 : 5;
    assert_int_equal(hak_top_count(slot->top), expected);
    assert_int_equal(slot->word, expected ? word : 0);
    for (uint32_t i = 0; i < expected; i++)
        assert_ptr_equal(hak_top_magazine(slot->top)->slot[i], blocks[i]);
    assert_int_equal(hak_thread.counters->count[HAK_COUNT_remote_frees] - before, 5);
    /* What is young stays; what is old leaves, and its place is as if never used. */
    hak_remote_publish_old(heap);
    assert_int_equal(hak_top_count(slot->top), expected);
    heap->tick += 1u << 15;
    hak_remote_publish_old(heap);
    assert_int_equal(slot->word, 0);
    /* A whole batch is a slow path. */
    uint32_t tick = heap->tick;
    for (int i = 5; i < 5 + HAK_REMOTE_BATCH; i++)
        hakmem_free(blocks[i]);
    assert_int_equal(heap->tick, tick + 1);
    for (int w = 0; w < HAK_OUTBOX_SLOTS / 64; w++)
        assert_int_equal(heap->outbox.used[w], 0);
    return unused;
}

static void outbox_gathers_and_ages(void **state)
{
    pthread_t thread;
    take_blocks();
    hak_remote_collect(hak_thread.heap);
    pthread_create(&thread, NULL, send_home, NULL);
    pthread_join(thread, NULL);
    assert_int_equal(hak_remote_collect(hak_thread.heap), 5 + HAK_REMOTE_BATCH);
    for (int i = 5 + HAK_REMOTE_BATCH; i < BLOCKS; i++)
        hakmem_free(blocks[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(magazines_are_published_when_full),
        cmocka_unit_test(what_is_published_is_collected),
        cmocka_unit_test(outbox_places_do_not_meet),
        cmocka_unit_test(outbox_gathers_and_ages),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
