/* SPDX-License-Identifier: MIT */
/* Heaps that threads leave behind, and what is sent to them. */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "counters.h"
#include "depot.h"
#include "export.h"
#include "heap.h"
#include "outbox.h"
#include "refill.h"
#include "remote.h"
#include "support/child.h"

enum { SIZE = 64, CLASS = 3, MANY = 3000, THREADS = 20 };

static void *blocks[MANY];
static pthread_barrier_t all;

static int start(void **state)
{
    return hak_heap_attach() ? 0 : -1;
}

static void run(void *(*body)(void *), void *argument)
{
    pthread_t thread;
    pthread_create(&thread, NULL, body, argument);
    pthread_join(thread, NULL);
}

static void *take_all(void *owner)
{
    for (int i = 0; i < MANY; i++)
        blocks[i] = hakmem_malloc(SIZE);
    *(struct hak_heap **)owner = hak_thread.heap;
    return NULL;
}

static uint64_t counted(enum hak_counter counter)
{
    struct hak_counter_page sum;
    hak_counters_sum(&sum);
    return sum.count[counter];
}

/* Eight magazines lie in an orphan's inbox, and no more: the ninth has them all put into slabs. */
static void a_deep_inbox_is_emptied(void **state)
{
    struct hak_heap *orphan;
    run(take_all, &orphan);
    assert_int_equal(orphan->state, HAK_HEAP_ORPHAN);
    assert_null(orphan->thread);
    for (int i = 0; i < 8 * HAK_REMOTE_BATCH; i++)
        hakmem_free(blocks[i]);
    assert_int_equal(orphan->inbox & HAK_MAGAZINE_MASK, 8);
    assert_false(hak_slab_is_free(blocks[0]));
    for (int i = 8 * HAK_REMOTE_BATCH; i < 9 * HAK_REMOTE_BATCH; i++)
        hakmem_free(blocks[i]);
    assert_int_equal(orphan->inbox, 0);
    for (int i = 0; i < 9 * HAK_REMOTE_BATCH; i++)
        assert_true(hak_slab_is_free(blocks[i]));
    assert_false(hak_slab_is_free(blocks[9 * HAK_REMOTE_BATCH]));
    assert_int_equal(orphan->bin[CLASS].depot_count, 0);
    for (int i = 9 * HAK_REMOTE_BATCH; i < MANY; i++)
        hakmem_free(blocks[i]);
    hak_heap_trim(); /* orphans' inboxes as well */
    assert_int_equal(orphan->inbox, 0);
    assert_int_equal(orphan->bin[CLASS].slab_count, 0);
}

/* A running owner's inbox is its own business, however deep; the depth is as far as it goes. */
static void *fill_inbox(void *unused)
{
    for (int i = 0; i < 20 * HAK_REMOTE_BATCH; i++)
        hakmem_free(blocks[i]);
    return unused;
}

static void owners_empty_their_own(void **state)
{
    struct hak_heap *self;
    take_all(&self);
    hak_remote_collect(self);
    run(fill_inbox, NULL);
    assert_int_equal(self->inbox & HAK_MAGAZINE_MASK, 20);
    hak_heap_drain_orphan(self); /* it is none */
    assert_int_equal(self->inbox & HAK_MAGAZINE_MASK, 20);
    uint64_t collects = counted(HAK_COUNT_remote_collects);
    assert_int_equal(hak_remote_collect(self), 20 * HAK_REMOTE_BATCH);
    assert_int_equal(counted(HAK_COUNT_remote_collects), collects + 1);
    assert_true(self->bin[CLASS].depot_count >= 20);
    assert_int_equal(hak_link_count(self->bin[CLASS].depot->link), HAK_REMOTE_BATCH);
    for (int i = 20 * HAK_REMOTE_BATCH; i < MANY; i++)
        hakmem_free(blocks[i]);
}

/* Of each class no more is on its way than about 16 KiB, or eight blocks. */
static void *of_every_class[HAK_CLASSES][64];

static uint32_t most_on_their_way(size_t size_class)
{
    uint32_t blocks_of_16k = 16384 / hak_class_bytes[size_class], limit = HAK_REMOTE_BATCH;
    if (blocks_of_16k < limit)
        limit = blocks_of_16k < 8 ? 8 : blocks_of_16k;
    return limit < hak_magazine_slots(size_class) ? limit : hak_magazine_slots(size_class);
}

static void *free_of_every_class(void *unused)
{
    struct hak_heap *heap = hak_heap_attach() ? hak_thread.heap : NULL;
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        uint64_t word = hak_arena.words[hak_unit_of(of_every_class[c][0])];
        struct hak_outbox_slot *slot = &heap->outbox.slot[hak_outbox_place(word)];
        for (uint32_t i = 0; i < 64; i++) {
            hakmem_free(of_every_class[c][i]);
            if (hak_top_count(slot->top) != (i + 1) % most_on_their_way(c))
                return (void *)1;
        }
    }
    return unused;
}

static void magazines_on_their_way_are_small(void **state)
{
    void *wrong;
    pthread_t thread;
    for (size_t c = 0; c < HAK_CLASSES; c++)
        for (int i = 0; i < 64; i++)
            of_every_class[c][i] = hakmem_malloc(hak_class_bytes[c]);
    pthread_create(&thread, NULL, free_of_every_class, NULL);
    pthread_join(thread, &wrong);
    assert_null(wrong);
    assert_int_equal(hak_remote_collect(hak_thread.heap), HAK_CLASSES * 64);
    hak_heap_trim();
}

/* Only so many ticks old is old: one less is not. */
static void *age(void *unused)
{
    hakmem_free(blocks[0]);
    struct hak_heap *heap = hak_thread.heap;
    struct hak_outbox_slot *slot =
        &heap->outbox.slot[hak_outbox_place(hak_arena.words[hak_unit_of(blocks[0])])];
    uint16_t begun = slot->begun;
    heap->tick = begun + 255u;
    hak_remote_publish_old(heap);
    bool young = slot->word != 0;
    heap->tick = begun + 256u;
    hak_remote_publish_old(heap);
    return (void *)(uintptr_t)(!young || slot->word != 0 || slot->top != 0);
}

static void what_is_old_leaves(void **state)
{
    pthread_t thread;
    void *wrong;
    blocks[0] = hakmem_malloc(SIZE);
    hak_remote_collect(hak_thread.heap);
    pthread_create(&thread, NULL, age, NULL);
    pthread_join(thread, &wrong);
    assert_null(wrong);
    assert_int_equal(hak_remote_collect(hak_thread.heap), 1);
}

static void *attach_all(void *heaps)
{
    hakmem_free(hakmem_malloc(500));
    hakmem_free(hakmem_malloc(100));
    struct hak_heap **mine = heaps;
    *mine = hak_thread.heap;
    pthread_barrier_wait(&all);
    return NULL;
}

/* Of a crowd that has gone the last few keep an empty slab a class, and the others none. */
static void few_orphans_stay_warm(void **state)
{
    static struct hak_heap *heaps[THREADS];
    pthread_t thread[THREADS];
    int warm = 0;
    pthread_barrier_init(&all, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, attach_all, &heaps[i]);
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(heaps[i]->state, HAK_HEAP_ORPHAN);
        bool keeps = heaps[i]->bin[6].slab_count > 0;
        assert_int_equal(heaps[i]->bin[6].slab_count, keeps);
        assert_int_equal(heaps[i]->bin[6].spare != HAK_NO_UNIT, keeps);
        assert_int_equal(heaps[i]->bin[6].fill, 4);
        warm += keeps;
    }
    assert_int_equal(warm, 8);
    /* As many threads again make no new heap. */
    uint64_t made = counted(HAK_COUNT_heaps_created), adopted = counted(HAK_COUNT_heaps_adopted);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, attach_all, &heaps[i]);
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    assert_int_equal(counted(HAK_COUNT_heaps_created), made);
    assert_int_equal(counted(HAK_COUNT_heaps_adopted), adopted + THREADS);
    for (int i = 0; i < THREADS; i++)
        for (int k = 0; k < i; k++)
            assert_ptr_not_equal(heaps[i], heaps[k]);
}

/* An ended thread leaves nothing in its magazines, its depot and its outbox. */
static void *work_and_end(void *owner)
{
    hakmem_free(blocks[0]); /* of the main thread */
    void *own[500];
    for (int i = 0; i < 500; i++)
        own[i] = hakmem_malloc(SIZE);
    for (int i = 0; i < 500; i++)
        hakmem_free(own[i]);
    *(struct hak_heap **)owner = hak_thread.heap;
    return NULL;
}

static void ended_threads_leave_nothing(void **state)
{
    struct hak_heap *orphan;
    blocks[0] = hakmem_malloc(SIZE);
    hak_remote_collect(hak_thread.heap);
    run(work_and_end, &orphan);
    assert_int_equal(orphan->busy, 0);
    assert_int_equal(orphan->bin[CLASS].depot_count, 0);
    assert_int_equal(orphan->bin[CLASS].slab_count, 1);
    for (int w = 0; w < HAK_OUTBOX_SLOTS / 64; w++)
        assert_int_equal(orphan->outbox.used[w], 0);
    assert_int_equal(hak_remote_collect(hak_thread.heap), 1);
}

/* Magazines are all accounted for, however often heaps change hands. */
static void magazines_do_not_leak(void **state)
{
    struct hak_heap *orphan;
    uint64_t spans = 0;
    for (int round = 0; round < 300; round++) {
        blocks[0] = hakmem_malloc(SIZE);
        run(work_and_end, &orphan);
        if (round == 50)
            spans = hak_counters->spans_bytes;
    }
    assert_in_range(hak_counters->spans_bytes, spans - 2 * HAK_SLAB_BYTES,
                    spans + 2 * HAK_SLAB_BYTES);
}

static pthread_barrier_t inbox_full;

static void *wait_and_end(void *owner)
{
    take_all(owner);
    pthread_barrier_wait(&inbox_full);
    pthread_barrier_wait(&inbox_full);
    return NULL;
}

/* What was sent to a thread that ends is in its slabs when it is an orphan. */
static void inboxes_are_emptied_at_the_end(void **state)
{
    pthread_t thread;
    struct hak_heap *orphan;
    pthread_barrier_init(&inbox_full, NULL, 2);
    pthread_create(&thread, NULL, wait_and_end, &orphan);
    pthread_barrier_wait(&inbox_full);
    for (int i = 0; i < 2 * HAK_REMOTE_BATCH; i++)
        hakmem_free(blocks[i]);
    assert_int_equal(orphan->inbox & HAK_MAGAZINE_MASK, 2);
    pthread_barrier_wait(&inbox_full);
    pthread_join(thread, NULL);
    assert_int_equal(orphan->inbox, 0);
    assert_true(hak_slab_is_free(blocks[0]));
    for (int i = 2 * HAK_REMOTE_BATCH; i < MANY; i++)
        hakmem_free(blocks[i]);
    hak_heap_trim();
}

static pthread_key_t late_key;
static struct hak_heap *heap_in_round[5];
static void *counters_in_round[5];

static void see_round(void *round)
{
    heap_in_round[(uintptr_t)round] = hak_thread.heap;
    counters_in_round[(uintptr_t)round] = hak_thread.counters;
    if ((uintptr_t)round < 4)
        pthread_setspecific(late_key, (char *)round + 1);
}

static void *end_in_rounds(void *unused)
{
    hakmem_free(hakmem_malloc(1));
    for (size_t c = 40; c < HAK_CLASSES; c++)
        if (hak_thread.top[c] != 0 && hak_thread.heap->bin[c].slab_count == 0)
            return (void *)1; /* room for blocks that there are none of */
    pthread_setspecific(late_key, (void *)1);
    return unused;
}

/* Other keys' destructors have their first round with the heap still there; then it has gone, and
 * the thread counts elsewhere. */
static void destructors_find_a_heap_once(void **state)
{
    pthread_t thread;
    void *wrong;
    pthread_key_create(&late_key, see_round);
    pthread_create(&thread, NULL, end_in_rounds, NULL);
    pthread_join(thread, &wrong);
    assert_null(wrong);
    assert_non_null(heap_in_round[1]);
    assert_non_null(counters_in_round[1]);
    for (int round = 3; round < 5; round++) {
        assert_null(heap_in_round[round]);
        assert_null(counters_in_round[round]);
    }
    pthread_key_delete(late_key);
}

static void *take_64(void *slot)
{
    *(void **)slot = hakmem_malloc(SIZE);
    pthread_barrier_wait(&all);
    return NULL;
}

/* Eight owners apart two heaps share a place in the outbox, and take turns there. */
static void neighbours_in_the_outbox_are_told_apart(void **state)
{
    void *block[THREADS][40];
    pthread_t thread[THREADS];
    for (int k = 0; k < 40; k++) {
        pthread_barrier_init(&all, NULL, THREADS);
        for (int i = 0; i < THREADS; i++)
            pthread_create(&thread[i], NULL, take_64, &block[i][k]);
        for (int i = 0; i < THREADS; i++)
            pthread_join(thread[i], NULL);
    }
    for (int k = 0; k < 40; k++)
        for (int i = 0; i < THREADS; i++)
            hakmem_free(block[i][k]);
    hak_heap_trim();
    for (int k = 0; k < 40; k++)
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(hak_arena.words[hak_unit_of(block[i][k])], 0);
}

static void *very_many[66000];

static void *free_very_many(void *unused)
{
    for (int i = 0; i < 66000; i++)
        hakmem_free(very_many[i]);
    return unused;
}

/* An inbox deeper than its depth can say is emptied all the same. */
static void the_depth_is_as_far_as_it_goes(void **state)
{
    for (int i = 0; i < 66000; i++)
        very_many[i] = hakmem_malloc(16);
    hak_remote_collect(hak_thread.heap);
    run(free_very_many, NULL);
    assert_int_equal(hak_thread.heap->inbox & HAK_MAGAZINE_MASK, HAK_MAGAZINE_MASK);
    assert_int_equal(hak_remote_collect(hak_thread.heap), 66000);
    hak_heap_trim();
}

static pthread_barrier_t stopped;

static void *hold_blocks(void *busy)
{
    for (int i = 0; i < 300; i++)
        blocks[i] = hakmem_malloc(SIZE);
    for (int i = 0; i < 100; i++)
        hakmem_free(blocks[i]);
    hakmem_free(hakmem_malloc(1));
    hak_thread.heap->busy = busy != NULL; /* as if inside a slow path */
    *(volatile uint32_t *)&blocks[MANY - 1] = hak_thread.heap->owner;
    pthread_barrier_wait(&stopped);
    pause();
    return NULL;
}

static void *adopt(void *unused)
{
    hakmem_free(hakmem_malloc(SIZE));
    return (void *)(uintptr_t)hak_thread.heap->owner;
}

/* In the child: what the other thread had cached serves who adopts its heap. */
static void see_fork(void *busy)
{
    pthread_t thread;
    void *owner;
    pthread_barrier_init(&stopped, NULL, 2);
    pthread_create(&thread, NULL, hold_blocks, busy);
    pthread_barrier_wait(&stopped);
    uint32_t theirs = *(volatile uint32_t *)&blocks[MANY - 1];
    pid_t pid = fork();
    if (pid != 0)
        _exit(!child_wait_clean(pid, 20));
    struct hak_heap *heap = hak_heap_of(theirs);
    if (heap->state != (busy ? HAK_HEAP_DEAD : HAK_HEAP_ORPHAN) ||
        hak_thread.heap->state != HAK_HEAP_OWNED)
        _exit(2);
    pthread_create(&thread, NULL, adopt, NULL);
    pthread_join(thread, &owner);
    if (((uintptr_t)owner == theirs) == (busy != NULL))
        _exit(3);
    for (int i = 100; i < 300; i++)
        hakmem_free(blocks[i]);
    hak_heap_trim();
    if (!busy && (heap->bin[CLASS].slab_count != 0 || heap->bin[0].slab_count != 0 ||
                  heap->parked[CLASS].top != 0))
        _exit(4);
    fprintf(stderr, "fine");
    _exit(0);
}

static void *fork_in_thread(void *unused)
{
    hakmem_free(hakmem_malloc(SIZE));
    pid_t pid = fork();
    if (pid != 0)
        _exit(!child_wait_clean(pid, 20));
    if (hak_heap_of(2)->state != HAK_HEAP_ORPHAN || hak_heap_of(2)->thread)
        _exit(2);
    fprintf(stderr, "fine");
    _exit(0);
    return unused;
}

static void see_fork_in_thread(void *unused)
{
    run(fork_in_thread, unused);
}

static void the_first_threads_heap_is_an_orphan_too(void **state)
{
    assert_int_equal(hak_thread.heap->owner, 2);
    struct child_end end = child_run(see_fork_in_thread, NULL, 20);
    assert_string_equal(end.text, "fine");
}

static void a_forks_child_has_orphans(void **state)
{
    struct child_end end = child_run(see_fork, NULL, 20);
    assert_string_equal(end.text, "fine");
}

static void a_forks_child_has_dead_heaps(void **state)
{
    struct child_end end = child_run(see_fork, &all, 20);
    assert_string_equal(end.text, "fine");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inboxes_are_emptied_at_the_end),
        cmocka_unit_test(destructors_find_a_heap_once),
        cmocka_unit_test(neighbours_in_the_outbox_are_told_apart),
        cmocka_unit_test(the_depth_is_as_far_as_it_goes),
        cmocka_unit_test(the_first_threads_heap_is_an_orphan_too),
        cmocka_unit_test(a_deep_inbox_is_emptied),
        cmocka_unit_test(owners_empty_their_own),
        cmocka_unit_test(magazines_on_their_way_are_small),
        cmocka_unit_test(what_is_old_leaves),
        cmocka_unit_test(ended_threads_leave_nothing),
        cmocka_unit_test(few_orphans_stay_warm),
        cmocka_unit_test(magazines_do_not_leak),
        cmocka_unit_test(a_forks_child_has_orphans),
        cmocka_unit_test(a_forks_child_has_dead_heaps),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
