/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counters.h"
#include "export.h"
#include "depot.h"
#include "heap.h"
#include "huge.h"
#include "remote.h"
#include "support/child.h"

static uint64_t counted(enum hak_counter counter)
{
    struct hak_counter_page sum;
    hak_counters_sum(&sum);
    return sum.count[counter];
}

static void *attach(void *block)
{
    void **kept = block;
    *kept = hakmem_malloc(100);
    memset(*kept, 'k', 100);
    return (void *)(uintptr_t)hak_thread.heap->owner;
}

static uint32_t owner_of_new_thread(void **kept)
{
    pthread_t thread;
    void *owner;
    pthread_create(&thread, NULL, attach, kept);
    pthread_join(thread, &owner);
    return (uint32_t)(uintptr_t)owner;
}

static void a_thread_has_one_heap(void **state)
{
    assert_true(hak_heap_attach());
    struct hak_heap *heap = hak_thread.heap;
    assert_true(hak_heap_attach());
    assert_ptr_equal(hak_thread.heap, heap);
    assert_ptr_equal(hak_heap_of(heap->owner), heap);
    assert_int_equal(hak_thread.key, (uint64_t)heap->owner << 8);
    assert_true(heap->owner > 1); /* number 1 is the shared heap */
}

static void heaps_are_adopted_whole(void **state)
{
    void *first, *second;
    uint64_t made = counted(HAK_COUNT_heaps_created);
    uint32_t owner = owner_of_new_thread(&first);
    assert_int_not_equal(owner, hak_thread.heap->owner);
    assert_int_equal(hak_heap_of(owner)->state, HAK_HEAP_ORPHAN);
    uint64_t adopted = counted(HAK_COUNT_heaps_adopted);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(owner_of_new_thread(&second), owner);
        hakmem_free(second);
    }
    assert_int_equal(counted(HAK_COUNT_heaps_adopted), adopted + 20);
    assert_int_equal(counted(HAK_COUNT_heaps_created), made + 1);
    for (int i = 0; i < 100; i++)
        assert_int_equal(((char *)first)[i], 'k');
    hakmem_free(first);
}

static void trim_gives_back_what_is_cached(void **state)
{
    static void *blocks[10000];
    hak_heap_trim();
    uint64_t spans = hak_counters->spans_bytes;
    for (int i = 0; i < 10000; i++)
        blocks[i] = hakmem_malloc(300);
    assert_true(hak_counters->spans_bytes >= spans + 10000 * 300);
    for (int i = 0; i < 10000; i++)
        hakmem_free(blocks[i]);
    hak_heap_trim();
    /* One chunk of magazines may have been taken on the way, and stays. */
    assert_in_range(hak_counters->spans_bytes, spans, spans + HAK_SLAB_BYTES);
}

static void shared_heap_serves_threads_without(void **state)
{
    void *block = hak_shared_malloc(4);
    assert_non_null(block);
    uint64_t word = hak_arena.words[hak_unit_of(block)];
    assert_int_equal(word, 1 << 8 | 4);
    memset(block, 1, hak_class_bytes[4]);
    hak_shared_free(block, word);
    assert_true(hak_slab_is_free(block));
    block = hak_shared_malloc(4);
    hakmem_free(
        block); /* by a thread with a heap: to the shared heap's inbox, by way of the outbox */
}

/* What the shared heap hands out and takes back is counted on its page; another's block leaves at
 * once. */
static void shared_heap_counts_and_sends(void **state)
{
    struct hak_counter_page before, after;
    hak_counters_sum(&before);
    void *block = hak_shared_malloc(4), *own = hakmem_malloc(70);
    hak_shared_free(block, hak_arena.words[hak_unit_of(block)]);
    hak_heap_counters(&after);
    assert_int_equal(after.frees[4] - before.frees[4], 1);
    assert_int_equal(after.mallocs[4] - before.mallocs[4], 2);
    hak_remote_collect(hak_thread.heap);
    hak_shared_free(own, hak_arena.words[hak_unit_of(own)]);
    assert_int_equal(hak_remote_collect(hak_thread.heap), 1);
    hak_heap_counters(&after);
    assert_int_equal(after.frees[4] - before.frees[4], 2);
    /* And its own comes back to it. */
    block = hak_shared_malloc(9);
    memset(block, 1, 32); /* no mark of an earlier free */
    hakmem_free(block);
    hak_remote_publish_all(hak_thread.heap);
    assert_true(hak_remote_pending(hak_heap_of(HAK_SHARED_HEAP)));
    hak_shared_malloc(9);
    assert_false(hak_remote_pending(hak_heap_of(HAK_SHARED_HEAP)));
}

static void *ask_for_large(void *unused)
{
    hakmem_free(hakmem_malloc(100000));
    return hak_thread.heap;
}

static void a_large_request_makes_a_heap(void **state)
{
    pthread_t thread;
    void *its;
    pthread_create(&thread, NULL, ask_for_large, NULL);
    pthread_join(thread, &its);
    assert_non_null(its);
}

static bool done[4];

static void *wait_for_arena(void *unused)
{
    hak_arena_give(hak_arena_take(1, 1, HAK_WORD_LARGE, NULL));
    return done[0] = true, unused;
}

static void *wait_for_huge(void *unused)
{
    hak_huge_free(hak_huge_malloc(4096, 4096));
    return done[1] = true, unused;
}

static void *wait_for_pool(void *unused)
{
    static struct hak_heap heap;
    for (int i = 0; i < 100; i++)
        hak_magazine_keep(&heap, (struct hak_magazine *)aligned_alloc(1024, 1024));
    hak_magazine_share(&heap);
    return done[2] = true, unused;
}

static void *wait_for_heaps(void *unused)
{
    hak_heap_attach();
    return done[3] = true, unused;
}

/* Around a fork nobody else changes anything. */
static void all_locks_are_all(void *unused)
{
    static void *(*const bodies[])(void *) = {wait_for_arena, wait_for_huge, wait_for_pool,
                                              wait_for_heaps};
    pthread_t thread[4];
    for (int round = 0; round < 2; round++) {
        memset(done, 0, sizeof done);
        hak_heap_lock_all();
        for (int i = 0; i < 4; i++)
            pthread_create(&thread[i], NULL, bodies[i], NULL);
        usleep(100000);
        for (int i = 0; i < 4; i++)
            if (__atomic_load_n(&done[i], __ATOMIC_RELAXED))
                _exit(1 + i);
        hak_heap_unlock_all();
        for (int i = 0; i < 4; i++)
            pthread_join(thread[i], NULL);
    }
}

static void forks_hold_every_lock(void **state)
{
    struct child_end end = child_run(all_locks_are_all, NULL, 10);
    assert_false(end.timed_out);
    assert_int_equal(end.exit_status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_has_one_heap),
        cmocka_unit_test(heaps_are_adopted_whole),
        cmocka_unit_test(trim_gives_back_what_is_cached),
        cmocka_unit_test(shared_heap_serves_threads_without),
        cmocka_unit_test(shared_heap_counts_and_sends),
        cmocka_unit_test(a_large_request_makes_a_heap),
        cmocka_unit_test(forks_hold_every_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
