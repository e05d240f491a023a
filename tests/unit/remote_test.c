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
    uintptr_t count = 2 * HAK_MAGAZINE_SLOTS + 5;
    take_blocks();
    hak_remote_collect(hak_thread.heap);
    pthread_barrier_init(&freed, NULL, 2);
    pthread_barrier_init(&looked, NULL, 2);
    pthread_create(&thread, NULL, free_and_wait, (void *)count);
    pthread_barrier_wait(&freed);
    assert_true(hak_remote_pending(hak_thread.heap));
    assert_int_equal(hak_remote_collect(hak_thread.heap), 2 * HAK_MAGAZINE_SLOTS);
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
    assert_int_equal(after.count[HAK_COUNT_remote_blocks_published] -
                         before.count[HAK_COUNT_remote_blocks_published],
                     BLOCKS);
    assert_int_equal(after.count[HAK_COUNT_remote_blocks_collected] -
                         before.count[HAK_COUNT_remote_blocks_collected],
                     BLOCKS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(magazines_are_published_when_full),
        cmocka_unit_test(what_is_published_is_collected),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
