/* SPDX-License-Identifier: MIT */
/* Turns, looks at the clock, and what decays. */
#include "unit.h"

#include <pthread.h>
#include <string.h>

#include "counters.h"
#include "decay.h"
#include "depot.h"
#include "export.h"
#include "free_spans.h"
#include "heap.h"
#include "os.h"
#include "remote.h"
#include "tally.h"
#include "upkeep.h"

enum { CLASS = 5, BYTES = 96, MANY = 2000 };

static struct hak_thread *thread;
static struct hak_heap *heap;
static void *blocks[MANY];

static int start(void **state)
{
    if (!hak_heap_attach())
        return -1;
    thread = &hak_thread;
    heap = thread->heap;
    return 0;
}

static void take(int count)
{
    for (int i = 0; i < count; i++)
        blocks[i] = hakmem_malloc(BYTES);
}

static void give(int count)
{
    for (int i = 0; i < count; i++)
        hakmem_free(blocks[i]);
}

/* As if the last look had been so long ago, and nothing else were due. */
static void turn_after(uint32_t milliseconds)
{
    uint32_t now = hak_os_milliseconds();
    heap->looked_at = now - milliseconds;
    heap->armed_at = heap->decayed_at = now;
    hak_upkeep_turn(thread, heap, CLASS);
}

static void turns_grow_when_they_pass_quickly(void **state)
{
    heap->turn = 1;
    for (uint32_t expected = 2; expected <= 256; expected *= 2) {
        turn_after(0);
        assert_int_equal(heap->turn, expected);
        assert_int_equal(thread->rest[CLASS].turn, expected + 1);
    }
    turn_after(0);
    assert_int_equal(heap->turn, 256);
    turn_after(10); /* neither quick nor lazy, with room for the clock's step */
    assert_int_equal(heap->turn, 256);
    turn_after(100);
    assert_int_equal(heap->turn, 64);
    heap->turn = 4;
    turn_after(100);
    assert_int_equal(heap->turn, 1);
    turn_after(100);
    assert_int_equal(heap->turn, 1);
    heap->turn = 2;
    turn_after(100);
    assert_int_equal(heap->turn, 1);
}

static void a_turn_ends_in_a_look(void **state)
{
    heap->turn = 1;
    turn_after(0);
    assert_int_equal(heap->busy, 0);
    uint32_t looked = heap->looked_at;
    assert_true(hak_os_milliseconds() - looked < 1000);
    heap->looked_at = looked - 5000;
    while (thread->rest[CLASS].turn > 1)
        hakmem_free(hakmem_malloc(BYTES));
    hakmem_free(hakmem_malloc(BYTES));
    assert_true(heap->looked_at - looked < 1000);
}

static void after_a_while_all_turns_begin_anew(void **state)
{
    for (size_t c = 0; c < HAK_CLASSES; c++)
        hak_tally_grant(thread, heap, c, 200);
    uint32_t now = hak_os_milliseconds();
    heap->armed_at = now;
    heap->decayed_at = now;
    hak_upkeep_look(thread, heap);
    assert_int_equal(thread->rest[9].turn, 200);
    heap->armed_at = now - 64;
    heap->turn = 100;
    hak_upkeep_look(thread, heap);
    for (size_t c = 0; c < HAK_CLASSES; c++)
        assert_int_equal(thread->rest[c].turn, 1);
    assert_int_equal(heap->turn, 1);
    assert_true(heap->armed_at - now < 1000);
}

static void every_16th_slow_path_looks(void **state)
{
    heap->tick = 100;
    uint32_t looks = 0;
    for (int i = 0; i < 64; i++) {
        heap->looked_at = 12345;
        hak_upkeep_tick(thread, heap);
        looks += heap->looked_at != 12345;
    }
    assert_int_equal(looks, 4);
}

/* What lay below all use of the depot between two decays goes; what was used stays. */
static void unused_magazines_decay(void **state)
{
    take(MANY);
    give(MANY);
    struct hak_bin *bin = &heap->bin[CLASS];
    uint32_t full = bin->depot_count;
    assert_true(full >= 10);
    hak_decay(thread, heap);
    hak_decay(thread, heap); /* nothing was used since */
    assert_int_equal(bin->depot_count, 0);
    assert_int_equal(bin->depot_bytes, 0);
    take(MANY);
    give(MANY);
    full = bin->depot_count;
    hak_decay(thread, heap);
    assert_int_equal(bin->depot_low, bin->depot_count);
    full = bin->depot_count;
    if (full == 0) {
        take(MANY);
        give(MANY);
        full = bin->depot_count;
        bin->depot_low = full;
    }
    take(3 * HAK_MAGAZINE_SLOTS);
    uint32_t low = bin->depot_low;
    assert_true(low <= full - 2 && low == bin->depot_count);
    give(3 * HAK_MAGAZINE_SLOTS);
    uint32_t before = bin->depot_count;
    hak_decay(thread, heap);
    assert_int_equal(bin->depot_count, before - low);
    assert_int_equal(bin->depot_low, bin->depot_count);
}

/* The thread's own magazine goes when nobody called the class between two decays, and not sooner.
 */
static void the_top_of_an_idle_class_decays(void **state)
{
    take(50);
    give(50);
    hak_decay(thread, heap);
    hakmem_free(hakmem_malloc(BYTES));
    hak_decay(thread, heap);
    assert_true(hak_top_count(thread->top[CLASS]) > 0);
    uint64_t spans = hak_counters->spans_bytes;
    hak_decay(thread, heap);
    assert_int_equal(hak_top_count(thread->top[CLASS]), 0);
    assert_int_equal(heap->bin[CLASS].slab_count, 0);
    assert_int_equal(heap->bin[CLASS].spare, HAK_NO_UNIT);
    assert_true(hak_counters->spans_bytes < spans);
    assert_int_equal(hakmem_malloc(BYTES) != NULL, 1);
}

/* A malloc alone, or a free alone, is use as well. */
static void one_call_is_use(void **state)
{
    take(20);
    give(10);
    hak_decay(thread, heap);
    hakmem_free(blocks[15]);
    hak_decay(thread, heap);
    assert_true(hak_top_count(thread->top[CLASS]) > 0);
    blocks[15] = hakmem_malloc(BYTES);
    hak_decay(thread, heap);
    assert_true(hak_top_count(thread->top[CLASS]) > 0);
    for (int i = 10; i < 20; i++)
        hakmem_free(blocks[i]);
}

/* The look that finds it due decays, publishes and purges; the next one is not due. */
static void decay_is_due_every_80_ms(void **state)
{
    take(MANY);
    give(MANY);
    hak_heap_trim();
    uint32_t now = hak_os_milliseconds();
    uint32_t unit = hak_arena_take(5, 1, HAK_WORD_LARGE, NULL);
    hak_arena_purge(true);
    hak_arena_give(unit);
    uint64_t retained = hak_counters->retained_bytes;
    assert_true(retained > 0);
    for (uint32_t u = hak_free_spans_oldest(); u != HAK_NO_UNIT; u = hak_arena.records[u].newer)
        hak_arena.records[u].freed_at -= 10000;
    heap->armed_at = heap->decayed_at = now;
    hak_upkeep_look(thread, heap);
    assert_int_equal(hak_counters->retained_bytes, retained);
    heap->decayed_at = now - 80;
    hak_upkeep_look(thread, heap);
    assert_true(hak_counters->retained_bytes < retained);
    assert_true(heap->decayed_at - now < 1000);
}

static void *of_another;

static void *take_one(void *unused)
{
    of_another = hakmem_malloc(BYTES);
    hak_thread.heap->turn = 200; /* what the next thread that has the heap does not begin with */
    return hak_thread.heap;
}

static void *turn_of_new_thread(void *unused)
{
    hak_heap_attach();
    return (void *)(uintptr_t)hak_thread.heap->turn;
}

static void looks_publish(void **state)
{
    pthread_t other;
    void *turn;
    uint32_t now = hak_os_milliseconds();
    for (int due = 0; due < 4; due++) {
        pthread_create(&other, NULL, take_one, NULL);
        pthread_join(other, NULL);
        hakmem_free(of_another);
        struct hak_outbox_slot *slot =
            &heap->outbox.slot[hak_outbox_place(hak_arena.words[hak_unit_of(of_another)])];
        assert_int_equal(slot->word != 0, 1);
        heap->armed_at = heap->decayed_at = now = hak_os_milliseconds();
        if (due == 0) { /* all of it, with the decay */
            heap->tick = slot->begun + 1u;
            heap->decayed_at = now - 80;
        } else { /* what is old, each 64 slow paths */
            uint32_t multiple = (slot->begun + 400u) / 64 * 64;
            heap->tick = due == 1   ? multiple
                         : due == 2 ? multiple + 16
                                    : (slot->begun + 80u) / 64 * 64;
        }
        hak_upkeep_look(thread, heap);
        assert_int_equal(slot->word == 0, due < 2);
        hak_remote_publish_all(heap);
    }
    pthread_create(&other, NULL, turn_of_new_thread, NULL);
    pthread_join(other, &turn);
    assert_ptr_equal(turn, (void *)1);
}

/* The decay that is due happens. */
static void looks_decay(void **state)
{
    take(MANY);
    give(MANY);
    assert_true(heap->bin[CLASS].depot_count > 0);
    for (int i = 0; i < 2; i++) {
        heap->decayed_at = hak_os_milliseconds() - 80;
        hak_upkeep_look(thread, heap);
    }
    assert_int_equal(heap->bin[CLASS].depot_count, 0);
}

/* Slabs grow older by it, until their free pages go. */
static void decay_passes_by_slabs(void **state)
{
    void *two[2];
    hak_slab_take(heap, 33, two, 2);
    hak_slab_give(heap, two[0]);
    const struct hak_slab *slab = hak_slab_of(two[1]);
    assert_int_equal(slab->rest, 0);
    hak_decay(thread, heap);
    assert_in_range(slab->rest, 1, 2);
    hak_slab_give(heap, two[1]);
}

/* Counters are exact whenever they are brought up to date. */
static void tallies_add_up(void **state)
{
    struct hak_counter_page before, after;
    hak_heap_counters(&before);
    take(777);
    hak_heap_counters(&after);
    assert_int_equal(after.mallocs[CLASS] - before.mallocs[CLASS], 777);
    assert_int_equal(after.frees[CLASS] - before.frees[CLASS], 0);
    give(333);
    hak_heap_counters(&after);
    assert_int_equal(after.frees[CLASS] - before.frees[CLASS], 333);
    for (int i = 333; i < 777; i++)
        hakmem_free(blocks[i]);
    hak_heap_trim();
    hak_decay(thread, heap);
    hak_heap_counters(&after);
    assert_int_equal(after.mallocs[CLASS] - before.mallocs[CLASS], 777);
    assert_int_equal(after.frees[CLASS] - before.frees[CLASS], 777);
    /* Refilled from the depot and from slabs, overflowed both ways: none of it is a malloc or free.
     */
    take(MANY);
    give(MANY);
    hak_heap_counters(&after);
    assert_int_equal(after.mallocs[CLASS] - before.mallocs[CLASS], 777 + MANY);
    assert_int_equal(after.frees[CLASS] - before.frees[CLASS], 777 + MANY);
    take(MANY); /* from the depot */
    hak_heap_counters(&after);
    assert_int_equal(after.mallocs[CLASS] - before.mallocs[CLASS], 777 + 2 * MANY);
    assert_int_equal(after.frees[CLASS] - before.frees[CLASS], 777 + MANY);
    give(MANY);
}

static pthread_barrier_t counted;

/* Eight mallocs and four frees that no slow path brings to the page. */
static void *call_and_wait(void *unused)
{
    void *block[8];
    for (int i = 0; i < 8; i++) /* room in the thread's magazine */
        block[i] = hakmem_malloc(160);
    for (int i = 0; i < 8; i++)
        hakmem_free(block[i]);
    hak_tally_all(&hak_thread, hak_thread.heap);
    hak_tally_grant(&hak_thread, hak_thread.heap, 9, 100);
    pthread_barrier_wait(&counted);
    pthread_barrier_wait(&counted);
    for (int i = 0; i < 8; i++)
        block[i] = hakmem_malloc(160);
    for (int i = 0; i < 4; i++)
        hakmem_free(block[i]);
    pthread_barrier_wait(&counted);
    pthread_barrier_wait(&counted);
    return unused;
}

/* What running threads have not brought to their pages is counted as well. */
static void others_are_counted_while_they_run(void **state)
{
    pthread_t other;
    struct hak_counter_page before, after;
    pthread_barrier_init(&counted, NULL, 2);
    pthread_create(&other, NULL, call_and_wait, NULL);
    pthread_barrier_wait(&counted);
    hak_heap_counters(&before);
    pthread_barrier_wait(&counted);
    pthread_barrier_wait(&counted);
    hak_heap_counters(&after);
    assert_int_equal(after.mallocs[9] - before.mallocs[9], 8);
    assert_int_equal(after.frees[9] - before.frees[9], 4);
    pthread_barrier_wait(&counted);
    pthread_join(other, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_grow_when_they_pass_quickly),
        cmocka_unit_test(a_turn_ends_in_a_look),
        cmocka_unit_test(after_a_while_all_turns_begin_anew),
        cmocka_unit_test(every_16th_slow_path_looks),
        cmocka_unit_test(unused_magazines_decay),
        cmocka_unit_test(the_top_of_an_idle_class_decays),
        cmocka_unit_test(one_call_is_use),
        cmocka_unit_test(decay_is_due_every_80_ms),
        cmocka_unit_test(looks_publish),
        cmocka_unit_test(looks_decay),
        cmocka_unit_test(decay_passes_by_slabs),
        cmocka_unit_test(tallies_add_up),
        cmocka_unit_test(others_are_counted_while_they_run),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
