/* SPDX-License-Identifier: MIT */
/* The arena is full: what still works, and how the rest refuses. Each test in a child of its own.
 */
#include "unit.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "counters.h"
#include "depot.h"
#include "export.h"
#include "free_spans.h"
#include "heap.h"
#include "huge.h"
#include "large.h"
#include "refill.h"
#include "remote.h"
#include "slow_path.h"
#include "support/child.h"

enum { SIZE = 300, CLASS = 17, MANY = 20000 };

static void *blocks[MANY];

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                                \
            _exit(1);                                                                              \
        }                                                                                          \
    } while (0)

static int start(void **state)
{
    hakmem_free(hakmem_malloc(SIZE));
    return hak_thread.heap ? 0 : -1;
}

/* No unit is left, and none is to come. */
static void fill_arena(void)
{
    hak_arena.reserved = hak_arena_units;
    while (hak_arena_take(1, 1, HAK_WORD_LARGE, NULL) != HAK_NO_UNIT)
        continue;
}

static int take_until_refused(void)
{
    int count = 0;
    errno = 0;
    while (count < MANY && (blocks[count] = hakmem_malloc(SIZE)))
        count++;
    return count;
}

static uint64_t counted(enum hak_counter counter)
{
    struct hak_counter_page sum;
    hak_counters_sum(&sum);
    return sum.count[counter];
}

static void small_is_refused_and_recovers(void *unused)
{
    fill_arena();
    int count = take_until_refused();
    MUST(count < MANY && errno == ENOMEM);
    MUST(counted(HAK_COUNT_out_of_memory) == 1);
    MUST(!hakmem_calloc(1, SIZE) && !hakmem_aligned_alloc(32, SIZE));
    for (int i = 0; i < count; i++)
        hakmem_free(blocks[i]);
    MUST(take_until_refused() == count);
    MUST(hak_thread.heap->busy == 0);
    void *kept = blocks[0];
    memset(kept, 'k', SIZE);
    MUST(!hakmem_realloc(kept, 5000) && errno == ENOMEM);
    for (int i = 0; i < SIZE; i++)
        MUST(((char *)kept)[i] == 'k');
}

/* What one class caches serves another: refused only when trimming gives nothing. */
static void caches_of_others_serve(void *unused)
{
    for (int i = 0; i < 3000; i++)
        blocks[i] = hakmem_malloc(SIZE);
    for (int i = 0; i < 3000; i++)
        hakmem_free(blocks[i]);
    fill_arena();
    int count = 0;
    while (count < MANY && (blocks[count] = hakmem_malloc(4 * SIZE)))
        count++;
    MUST(count >= 500);
}

static void large_goes_to_a_mapping(void *unused)
{
    fill_arena();
    uint64_t huge = hak_counters->huge_bytes,
             mallocs = hak_counters_page(2)->mallocs[HAK_CLASS_HUGE];
    char *block = hakmem_malloc(200000);
    MUST(block && hak_huge_bytes(block) == 200704);
    MUST(hak_counters->huge_bytes == huge + 200704);
    MUST(hakmem_malloc_usable_size(block) == 200704);
    for (int i = 0; i < 200704; i++)
        MUST(block[i] == 0);
    memset(block, 'h', 200000);
    block = hakmem_realloc(block, 900000); /* in place, as the counters call it */
    MUST(block && hak_huge_bytes(block) == 901120);
    MUST(hak_counters->huge_bytes == huge + 901120);
    for (int i = 0; i < 200000; i++)
        MUST(block[i] == 'h');
    block = hakmem_realloc(block, 100000);
    MUST(block && hak_huge_bytes(block) == 102400);
    struct hak_counter_page sum;
    hak_counters_sum(&sum);
    MUST(sum.count[HAK_COUNT_large_bytes_allocated] - sum.count[HAK_COUNT_large_bytes_freed] ==
         102400);
    MUST(sum.count[HAK_COUNT_realloc_in_place] == 2);
    char *aligned = hakmem_aligned_alloc(1 << 20, 50000);
    MUST(aligned && (uintptr_t)aligned % (1 << 20) == 0);
    char *zero = hakmem_calloc(3, 50000);
    for (int i = 0; i < 150000; i++)
        MUST(zero[i] == 0);
    MUST(hak_counters_page(2)->mallocs[HAK_CLASS_HUGE] == mallocs + 3);
    hakmem_free(zero);
    hakmem_free(aligned);
    hakmem_free(block);
    MUST(hak_counters->huge_bytes == huge);
    MUST(hak_counters_page(2)->frees[HAK_CLASS_HUGE] == 3);
    MUST(!hakmem_malloc((size_t)1 << 46) && errno == ENOMEM);
}

/* Small again, a huge block becomes one of a slab. */
static void huge_becomes_small(void *unused)
{
    void *room = hakmem_malloc(40);
    fill_arena();
    char *block = hakmem_malloc(200000);
    MUST(hak_huge_bytes(block) > 0);
    memset(block, 's', 100);
    char *small = hakmem_realloc(block, 40);
    MUST(small && small[39] == 's' && hak_huge_bytes(block) == 0);
    hakmem_free(small);
    hakmem_free(room);
}

static void use_up_magazines(struct hak_heap *heap)
{
    while (hak_magazine_take(heap))
        continue;
}

static void *free_without_magazines(void *unused)
{
    hakmem_free(hakmem_malloc(SIZE)); /* a heap of its own */
    struct hak_heap *heap = hak_thread.heap;
    fill_arena();
    use_up_magazines(heap);
    uint64_t published = counted(HAK_COUNT_remote_blocks_published);
    for (int i = 0; i < 100; i++)
        hakmem_free(blocks[i]);
    MUST(counted(HAK_COUNT_remote_blocks_published) == published + 100);
    return unused;
}

/* No magazine for the outbox: block by block to the owner, who finds them all. */
static void remote_frees_without_magazines(void *unused)
{
    pthread_t thread;
    for (int i = 0; i < 100; i++)
        blocks[i] = hakmem_malloc(SIZE);
    pthread_create(&thread, NULL, free_without_magazines, NULL);
    pthread_join(thread, NULL);
    struct hak_heap *heap = hak_thread.heap;
    MUST(hak_remote_pending(heap) && heap->inbox_blocks);
    MUST(hak_remote_collect(heap) == 100);
    MUST(!hak_remote_pending(heap));
    for (int i = 0; i < 100; i++)
        MUST(hak_slab_is_free(blocks[i]));
}

/* The thread's cache is full, and neither depot nor a new magazine takes it: half goes to slabs. */
static void overflow_without_magazines(void *unused)
{
    uint32_t slots = hak_magazine_slots(CLASS);
    MUST(slots == HAK_MAGAZINE_SLOTS);
    for (uint32_t i = 0; i < 2 * slots; i++)
        blocks[i] = hakmem_malloc(SIZE);
    hak_heap_trim();
    fill_arena();
    use_up_magazines(hak_thread.heap);
    uint64_t given = counted(HAK_COUNT_overflows_slab);
    for (uint32_t i = 0; i < 2 * slots; i++)
        hakmem_free(blocks[i]);
    MUST(counted(HAK_COUNT_overflows_slab) > given);
    MUST(counted(HAK_COUNT_overflows_depot) == 0);
    MUST(hak_top_count(hak_thread.top[CLASS]) >= slots / 2);
    int count = take_until_refused();
    MUST(count >= (int)(2 * slots));
}

static void *see_no_heap(void *unused)
{
    char *block = hakmem_malloc(SIZE);
    MUST(!hak_thread.heap && hak_thread.state == HAK_THREAD_NEW && !hak_thread.counters);
    MUST(block && hak_arena.words[hak_unit_of(block)] == (1u << 8 | CLASS));
    memset(block, 1, SIZE);
    block = hakmem_realloc(block, SIZE - 20);
    MUST(block && hakmem_malloc_usable_size(block) == 320);
    hakmem_free(block);
    MUST(hak_slab_is_free(block));
    hakmem_free(blocks[0]); /* another's */
    return unused;
}

/* An orphan can't be adopted for want of magazines: the thread does with the shared heap. */
static void *leave_an_orphan(void *unused)
{
    for (size_t c = 0; c < HAK_CLASSES; c++)
        blocks[100 + c] = hakmem_malloc(hak_class_bytes[c]);
    return unused;
}

static void threads_without_a_heap(void *unused)
{
    pthread_t thread;
    blocks[0] = hakmem_malloc(SIZE);
    hakmem_free(blocks[1] = hak_shared_malloc(CLASS)); /* a slab of its own */
    pthread_create(&thread, NULL, leave_an_orphan, NULL);
    pthread_join(thread, NULL);
    fill_arena();
    struct hak_heap *orphan = hak_heap_of(3);
    MUST(orphan->state == HAK_HEAP_ORPHAN);
    use_up_magazines(hak_thread.heap);
    use_up_magazines(orphan);
    pthread_create(&thread, NULL, see_no_heap, NULL);
    pthread_join(thread, NULL);
    MUST(orphan->state == HAK_HEAP_ORPHAN);
    MUST(hak_remote_collect(hak_thread.heap) == 1);
}

/* The last unit is handed out, and none beyond. */
static void the_last_unit_serves(void *unused)
{
    hak_arena.reserved = hak_arena_units + 200;
    uint32_t highest = 0, unit;
    while ((unit = hak_arena_take(1, 1, HAK_WORD_LARGE, NULL)) != HAK_NO_UNIT)
        highest = unit > highest ? unit : highest;
    MUST(highest == hak_arena.reserved - 1);
    *(char *)hak_unit_address(highest) = 1;
    MUST(!hak_arena_resize(highest, 2) && hak_arena_resize(highest, 1));
}

static rlim_t data_bytes(void)
{
    unsigned long pages[6];
    FILE *file = fopen("/proc/self/statm", "r");
    MUST(fscanf(file, "%lu %lu %lu %lu %lu %lu", &pages[0], &pages[1], &pages[2], &pages[3],
                &pages[4], &pages[5]) == 6);
    fclose(file);
    return pages[5] * 4096;
}

static void limit_to(int resource, rlim_t most)
{
    struct rlimit limit;
    getrlimit(resource, &limit);
    limit.rlim_cur = most;
    MUST(setrlimit(resource, &limit) == 0);
}

/* The kernel gives less than a whole step of the arena: then it is what was asked for. */
static void commit_by_less(void *unused)
{
    while (hak_free_spans_find(1) != HAK_NO_UNIT)
        hak_arena_take(1, 1, HAK_WORD_LARGE, NULL);
    while (hak_arena_take(1, 1, HAK_WORD_LARGE, NULL) != hak_arena_units - 1)
        continue;
    uintptr_t units = hak_arena_units;
    limit_to(RLIMIT_DATA, data_bytes() + (2 << 20));
    uint32_t unit = hak_arena_take(3, 1, HAK_WORD_LARGE, NULL);
    MUST(unit == units && hak_arena_units == units + 3);
    ((char *)hak_unit_address(unit))[3 * HAK_SLAB_BYTES - 1] = 1;
    MUST(hak_arena_take(1000, 1, HAK_WORD_LARGE, NULL) == HAK_NO_UNIT);
    MUST(hak_arena_units == units + 3);
    MUST(!hakmem_malloc(100 << 20) && errno == ENOMEM);
}

/* Neither arena nor mappings: what this thread caches is given up for a large block. */
static void caches_serve_large_ones(void *unused)
{
    for (int i = 0; i < 6000; i++)
        blocks[i] = hakmem_malloc(SIZE);
    fill_arena();
    for (int i = 0; i < 6000; i++)
        hakmem_free(blocks[i]);
    char *huge = hak_huge_malloc(300000, 1);
    MUST(huge);
    limit_to(RLIMIT_AS, 1 << 20);
    MUST(!hakmem_realloc(huge, 100 << 20) && errno == ENOMEM && hak_huge_bytes(huge) == 303104);
    char *block = hakmem_malloc(200000);
    MUST(block && hak_arena.words[hak_unit_of(block)] == HAK_WORD_LARGE);
    MUST(!hakmem_malloc(100 << 20) && errno == ENOMEM);
    MUST(!hakmem_calloc(100, 1 << 20) && !hakmem_realloc(block, 100 << 20));
    MUST(!hakmem_aligned_alloc(1 << 20, 100 << 20));
    MUST(!hakmem_realloc(blocks[0] = hakmem_malloc(16), 100 << 20));
}

static void *see_shared_heap(void *unused)
{
    char *block = hakmem_malloc(SIZE);
    MUST(!hak_thread.heap && block && hak_arena.words[hak_unit_of(block)] >> 8 == 1);
    hakmem_free(block);
    return unused;
}

/* As many heaps as there is room for, and then the shared one. */
static void no_more_heaps(void *unused)
{
    pthread_t thread;
    hak_arena.heap_capacity = 2;
    pthread_create(&thread, NULL, see_shared_heap, NULL);
    pthread_join(thread, NULL);
    hak_arena.heap_capacity = 3;
    pthread_create(&thread, NULL, leave_an_orphan, NULL);
    pthread_join(thread, NULL);
    MUST(hak_arena.words[hak_unit_of(blocks[100])] >> 8 == 3);
}

static void huge_is_zero(void *unused)
{
    bool zero = false;
    fill_arena();
    MUST(hak_large_malloc(100000, 1, &zero) && zero);
}

static void in_child(void (*body)(void *))
{
    struct child_end end = child_run(body, NULL, 30);
    if (end.exit_status != 0)
        fprintf(stderr, "%s\n", child_describe(&end));
    assert_int_equal(end.exit_status, 0);
}

#define IN_CHILD(body)                                                                             \
    static void body##_in_child(void **state)                                                      \
    {                                                                                              \
        in_child(body);                                                                            \
    }

IN_CHILD(small_is_refused_and_recovers)
IN_CHILD(caches_of_others_serve)
IN_CHILD(large_goes_to_a_mapping)
IN_CHILD(huge_becomes_small)
IN_CHILD(the_last_unit_serves)
IN_CHILD(commit_by_less)
IN_CHILD(caches_serve_large_ones)
IN_CHILD(huge_is_zero)
IN_CHILD(no_more_heaps)
IN_CHILD(remote_frees_without_magazines)
IN_CHILD(overflow_without_magazines)
IN_CHILD(threads_without_a_heap)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_is_refused_and_recovers_in_child),
        cmocka_unit_test(caches_of_others_serve_in_child),
        cmocka_unit_test(large_goes_to_a_mapping_in_child),
        cmocka_unit_test(huge_becomes_small_in_child),
        cmocka_unit_test(the_last_unit_serves_in_child),
        cmocka_unit_test(commit_by_less_in_child),
        cmocka_unit_test(caches_serve_large_ones_in_child),
        cmocka_unit_test(huge_is_zero_in_child),
        cmocka_unit_test(no_more_heaps_in_child),
        cmocka_unit_test(remote_frees_without_magazines_in_child),
        cmocka_unit_test(overflow_without_magazines_in_child),
        cmocka_unit_test(threads_without_a_heap_in_child),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
