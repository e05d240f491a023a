/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <pthread.h>
#include <string.h>

#include "counters.h"
#include "export.h"
#include "heap.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_has_one_heap),
        cmocka_unit_test(heaps_are_adopted_whole),
        cmocka_unit_test(trim_gives_back_what_is_cached),
        cmocka_unit_test(shared_heap_serves_threads_without),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
