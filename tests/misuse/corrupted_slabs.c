/* SPDX-License-Identifier: MIT */
/* Magazines, slabs and what is theirs: links, records, words, blocks in lists. */
#include "corrupted.h"

#include <pthread.h>
#include <string.h>

#include "counters.h"
#include "depot.h"
#include "export.h"
#include "remote.h"
#include "slab.h"

struct hak_magazine *full_magazine(void)
{
    take_blocks();
    free_blocks();
    assert_non_null(own_heap->bin[CLASS].depot);
    return own_heap->bin[CLASS].depot;
}

static void full_of_another_class(void *unused)
{
    full_magazine()->link ^= UINT64_C(1) << HAK_LINK_CLASS_SHIFT;
    take_blocks();
}

static void full_of_no_class(void *unused)
{
    full_magazine()->link |= UINT64_C(0xff) << HAK_LINK_CLASS_SHIFT;
    take_blocks();
}

static void full_leads_astray(void *unused)
{
    struct hak_magazine *full = full_magazine();
    full->link = hak_link((void *)((uintptr_t)taken[0] & ~HAK_MAGAZINE_MASK), CLASS, 127);
    take_blocks();
}

static void full_beyond_its_slots(void *unused)
{
    full_magazine()->link |= HAK_MAGAZINE_SLOTS + 1;
    take_blocks();
}

static void full_is_asked_for_a_block(void *unused)
{
    full_magazine()->link |= UINT64_C(0xff) << HAK_LINK_CLASS_SHIFT;
    ((uint64_t *)hakmem_malloc(SIZE * 8))[1] = 0;
    uint64_t *live = hakmem_malloc(SIZE * 9);
    live[1] = (uintptr_t)live + 0x5bd1e995; /* looks freed, and is looked for */
    own_heap->bin[hak_slab_of(live)->size_class].depot = own_heap->bin[CLASS].depot;
    hakmem_free(live);
}

static void empty_leads_astray(void *unused)
{
    hak_magazine_keep(own_heap, hak_magazine_take(own_heap));
    own_heap->empty->link = UINT64_C(0x414141414141);
    for (size_t c = 40; c < HAK_CLASSES; c++)
        hakmem_malloc(hak_class_bytes[c]);
    take_blocks();
    free_blocks();
}

static void batch_leads_astray(void *unused)
{
    enum { TAKEN = 300 };
    static struct hak_heap giver, taker;
    struct hak_magazine *own[TAKEN];
    for (int i = 0; i < TAKEN; i++)
        own[i] = hak_magazine_take(&giver);
    for (int i = 0; i < TAKEN; i++)
        hak_magazine_give(&giver, own[i]);
    for (int i = 0; i < TAKEN; i++)
        own[i]->slot[0] = taken;
    for (int i = 0; i < TAKEN; i++)
        hak_magazine_take(&taker);
}

static void *free_all(void *unused)
{
    free_blocks();
    return unused;
}

static void fill_inbox(void)
{
    pthread_t thread;
    take_blocks();
    hak_remote_collect(own_heap);
    pthread_create(&thread, NULL, free_all, NULL);
    pthread_join(thread, NULL);
    assert_true(own_heap->inbox != 0);
}

static void inbox_of_no_class(void *unused)
{
    fill_inbox();
    struct hak_magazine *first =
        (void *)(uintptr_t)(own_heap->inbox & ~(uint64_t)HAK_MAGAZINE_MASK);
    first->link |= UINT64_C(0xff) << HAK_LINK_CLASS_SHIFT;
    hak_remote_collect(own_heap);
}

static void inbox_leads_astray(void *unused)
{
    fill_inbox();
    struct hak_magazine *first =
        (void *)(uintptr_t)(own_heap->inbox & ~(uint64_t)HAK_MAGAZINE_MASK);
    first->link = hak_link((void *)((uintptr_t)&taken & ~HAK_MAGAZINE_MASK), CLASS, 63);
    hak_remote_collect(own_heap);
}

/* Single blocks on their way are linked through their first words, which a program may write to. */
static void sent_block_is_zeroed(void *unused)
{
    take_blocks();
    hak_remote_send_block(own_heap, taken[0]);
    hak_remote_send_block(own_heap, taken[1]);
    memset(taken[1], 0, SIZE);
    hak_remote_collect(own_heap);
}

static void sent_block_leads_to_a_live_one(void *unused)
{
    take_blocks();
    hak_remote_send_block(own_heap, taken[0]);
    hak_remote_send_block(own_heap, taken[1]);
    *(void **)taken[1] = taken[2];
    hak_remote_collect(own_heap);
}

static void outbox_names_no_heap(void *unused)
{
    own_heap->outbox.slot[5] =
        (struct hak_outbox_slot){.top = (uintptr_t)full_magazine(), .word = 77 << 8 | 5};
    own_heap->outbox.used[0] |= 1 << 5;
    hak_remote_publish_all(own_heap);
}

/* A slab of the class with some blocks back in it, the first of its list. */
static struct hak_slab *slab_with_blocks(void)
{
    take_blocks();
    hak_slab_give(own_heap, taken[0]);
    hak_slab_give(own_heap, taken[1]);
    return &hak_arena.records[own_heap->bin[CLASS].slabs].slab;
}

static void take_from_slabs(void)
{
    void *some[8];
    hak_slab_take(own_heap, CLASS, some, 8);
}

static void slab_of_another_class(void *unused)
{
    slab_with_blocks()->size_class = CLASS + 1;
    take_from_slabs();
}

static void slab_of_no_class(void *unused)
{
    slab_with_blocks()->size_class = 0xff;
    take_from_slabs();
}

static void slab_carved_beyond(void *unused)
{
    struct hak_slab *slab = slab_with_blocks();
    slab->carved = slab->capacity + 1;
    take_from_slabs();
}

static void slab_larger_than_it_is(void *unused)
{
    struct hak_slab *slab = slab_with_blocks();
    slab->capacity += 1;
    take_from_slabs();
}

static void slab_with_more_back_than_carved(void *unused)
{
    struct hak_slab *slab = slab_with_blocks();
    slab->back = slab->carved + 1;
    take_from_slabs();
}

static void slab_with_bits_too_many(void *unused)
{
    struct hak_slab *slab = slab_with_blocks();
    hak_slab_bits(slab)[slab->first] |= 0xff;
    take_from_slabs();
}

/* Two slabs in the list; the record of one of them leads elsewhere when it leaves. */
static void slab_list(int what)
{
    take_blocks();
    take_blocks();
    for (int i = 0; i < MANY; i++)
        if (hak_slab_of(taken[i]) != hak_slab_of(taken[0])) {
            hak_slab_give(own_heap, taken[i]);
            break;
        }
    hak_slab_give(own_heap, taken[0]);
    struct hak_slab *first = &hak_arena.records[own_heap->bin[CLASS].slabs].slab;
    assert_int_not_equal(first->next, HAK_NO_UNIT);
    if (what == 0)
        first->next = UINT32_MAX / 2;
    else if (what == 1)
        hak_arena.records[first->next].slab.previous = 3;
    else if (what == 2)
        first->previous = 4;
    else if (what == 3)
        first->previous = UINT32_MAX / 2;
    else
        hak_arena.records[first->next].slab.previous = HAK_NO_UNIT;
    for (int i = 0; i < 3000; i++)
        take_from_slabs();
}

static void slab_next_is_none(void *unused)
{
    slab_list(0);
}

static void slab_next_leads_elsewhere(void *unused)
{
    slab_list(1);
}

static void slab_previous_is_another(void *unused)
{
    slab_list(2);
}

static void slab_previous_is_none(void *unused)
{
    slab_list(3);
}

static void slab_forgets_the_one_before(void *unused)
{
    slab_list(4);
}

/* A slot of the thread's magazine, as an overflow from the span before would leave it. */
static void slot_holds(void *pointer)
{
    take_blocks();
    hakmem_free(taken[0]);
    uintptr_t top = hak_thread.top[CLASS];
    hak_top_magazine(top)->slot[hak_top_count(top) - 1] = pointer;
    hak_heap_trim();
}

static void slot_holds_an_interior(void *unused)
{
    take_blocks();
    slot_holds((char *)taken[1] + 16);
}

static void *take_one(void *unused)
{
    return hakmem_malloc(SIZE);
}

static void slot_holds_anothers_block(void *unused)
{
    pthread_t thread;
    void *block;
    pthread_create(&thread, NULL, take_one, NULL);
    pthread_join(thread, &block);
    slot_holds(block);
}

static void slot_holds_a_foreign_pointer(void *unused)
{
    slot_holds(&taken);
}

static void slot_holds_text(void *unused)
{
    slot_holds((void *)0x4141414141414141);
}

static void slot_holds_a_large_block(void *unused)
{
    slot_holds(hakmem_malloc(100000));
}

static void word_names_no_heap(void *unused)
{
    take_blocks();
    hak_arena.words[hak_unit_of(taken[0])] = 999 << 8 | CLASS;
    hakmem_free(taken[0]);
}

static void word_names_no_class(void *unused)
{
    take_blocks();
    hak_arena.words[hak_unit_of(taken[0])] = own_heap->owner << 8 | 70;
    hakmem_free(taken[0]);
}

static void word_names_another_class(void *unused)
{
    take_blocks();
    hak_arena.words[hak_unit_of(taken[0])] = 1 << 8 | (CLASS - 2);
    hakmem_free((void *)((uintptr_t)taken[0] & ~(uintptr_t)0xffff));
}

static void *attach(void *unused)
{
    hakmem_malloc(1);
    return unused;
}

static void orphan_is_in_use(void *unused)
{
    pthread_t thread;
    pthread_create(&thread, NULL, attach, NULL);
    pthread_join(thread, NULL);
    hak_heap_of(3)->state = HAK_HEAP_DEAD;
    pthread_create(&thread, NULL, attach, NULL);
    pthread_join(thread, NULL);
}

const struct corrupted_case corrupted_slabs[] = {
    CASE(full_of_another_class, "a magazine's link"),
    CASE(full_of_no_class, "a magazine's link"),
    CASE(full_leads_astray, "a magazine's link"),
    CASE(full_beyond_its_slots, "a magazine's link"),
    CASE(full_is_asked_for_a_block, "a magazine's link"),
    CASE(empty_leads_astray, "a magazine's link"),
    CASE(batch_leads_astray, "a batch of magazines"),
    CASE(inbox_of_no_class, "a magazine's link"),
    CASE(inbox_leads_astray, "a magazine's link"),
    CASE(sent_block_is_zeroed, "a list of free blocks"),
    CASE(sent_block_leads_to_a_live_one, "a list of free blocks"),
    CASE(outbox_names_no_heap, "a place in the outbox"),
    CASE(slab_of_another_class, "a slab's record"),
    CASE(slab_of_no_class, "a slab's record"),
    CASE(slab_carved_beyond, "a slab's record"),
    CASE(slab_larger_than_it_is, "a slab's record"),
    CASE(slab_with_more_back_than_carved, "a slab's record"),
    CASE(slab_with_bits_too_many, "a slab's free list"),
    CASE(slab_next_is_none, "a slab's record"),
    CASE(slab_next_leads_elsewhere, "a slab's record"),
    CASE(slab_previous_is_another, "a slab's record"),
    CASE(slab_previous_is_none, "a slab's record"),
    CASE(slab_forgets_the_one_before, "a slab's record"),
    CASE(slot_holds_anothers_block, "a list of free blocks"),
    CASE(slot_holds_an_interior, "a list of free blocks"),
    CASE(slot_holds_a_foreign_pointer, "a list of free blocks"),
    CASE(slot_holds_text, "a list of free blocks"),
    CASE(slot_holds_a_large_block, "a list of free blocks"),
    CASE(word_names_no_heap, "the word of a slab"),
    CASE(word_names_no_class, "the word of a slab"),
    CASE(word_names_another_class, "the word of a slab"),
    CASE(orphan_is_in_use, "a heap's record"),
    {NULL, NULL, NULL},
};
