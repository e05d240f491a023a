/* SPDX-License-Identifier: MIT */
/*
 * A program that wrote over the allocator's own records is stopped, with the record's name, when a
 * slow path comes by one: a magazine's link, a slab's record, a span's, a heap's, a word of the
 * table. The fast path looks at none of them. What lies where only internals lead, the line names
 * as well.
 */
#include "unit/unit.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counters.h"
#include "depot.h"
#include "export.h"
#include "free_spans.h"
#include "heap.h"
#include "huge.h"
#include "large.h"
#include "misuse_line.h"
#include "remote.h"
#include "slab.h"
#include "support/child.h"

enum { MANY = 1000, SIZE = 64, CLASS = 3 };

static struct hak_heap *heap;
static void *blocks[MANY];

static int start(void **state)
{
    hakmem_free(hakmem_malloc(1));
    heap = hak_thread.heap;
    return heap ? 0 : -1;
}

static void take_blocks(void)
{
    for (int i = 0; i < MANY; i++)
        blocks[i] = hakmem_malloc(SIZE);
}

static void free_blocks(void)
{
    for (int i = 0; i < MANY; i++)
        hakmem_free(blocks[i]);
}

static struct hak_magazine *full_magazine(void)
{
    take_blocks();
    free_blocks();
    assert_non_null(heap->bin[CLASS].depot);
    return heap->bin[CLASS].depot;
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
    full->link = hak_link((void *)((uintptr_t)blocks[0] & ~HAK_MAGAZINE_MASK), CLASS, 127);
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
    heap->bin[hak_slab_of(live)->size_class].depot = heap->bin[CLASS].depot;
    hakmem_free(live);
}

static void empty_leads_astray(void *unused)
{
    hak_magazine_keep(heap, hak_magazine_take(heap));
    heap->empty->link = UINT64_C(0x414141414141);
    for (size_t c = 40; c < HAK_CLASSES; c++)
        hakmem_malloc(hak_class_bytes[c]);
    take_blocks();
    free_blocks();
}

static void batch_leads_astray(void *unused)
{
    enum { TAKEN = 300 };
    static struct hak_heap giver, taker;
    struct hak_magazine *taken[TAKEN];
    for (int i = 0; i < TAKEN; i++)
        taken[i] = hak_magazine_take(&giver);
    for (int i = 0; i < TAKEN; i++)
        hak_magazine_give(&giver, taken[i]);
    for (int i = 0; i < TAKEN; i++)
        taken[i]->slot[0] = blocks;
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
    hak_remote_collect(heap);
    pthread_create(&thread, NULL, free_all, NULL);
    pthread_join(thread, NULL);
    assert_true(heap->inbox != 0);
}

static void inbox_of_no_class(void *unused)
{
    fill_inbox();
    struct hak_magazine *first = (void *)(uintptr_t)(heap->inbox & ~(uint64_t)HAK_MAGAZINE_MASK);
    first->link |= UINT64_C(0xff) << HAK_LINK_CLASS_SHIFT;
    hak_remote_collect(heap);
}

static void inbox_leads_astray(void *unused)
{
    fill_inbox();
    struct hak_magazine *first = (void *)(uintptr_t)(heap->inbox & ~(uint64_t)HAK_MAGAZINE_MASK);
    first->link = hak_link((void *)((uintptr_t)&blocks & ~HAK_MAGAZINE_MASK), CLASS, 63);
    hak_remote_collect(heap);
}

/* Single blocks on their way are linked through their first words, which a program may write to. */
static void sent_block_is_zeroed(void *unused)
{
    take_blocks();
    hak_remote_send_block(heap, blocks[0]);
    hak_remote_send_block(heap, blocks[1]);
    memset(blocks[1], 0, SIZE);
    hak_remote_collect(heap);
}

static void sent_block_leads_to_a_live_one(void *unused)
{
    take_blocks();
    hak_remote_send_block(heap, blocks[0]);
    hak_remote_send_block(heap, blocks[1]);
    *(void **)blocks[1] = blocks[2];
    hak_remote_collect(heap);
}

static void outbox_names_no_heap(void *unused)
{
    heap->outbox.slot[5] =
        (struct hak_outbox_slot){.top = (uintptr_t)full_magazine(), .word = 77 << 8 | 5};
    heap->outbox.used[0] |= 1 << 5;
    hak_remote_publish_all(heap);
}

/* A slab of the class with some blocks back in it, the first of its list. */
static struct hak_slab *slab_with_blocks(void)
{
    take_blocks();
    hak_slab_give(heap, blocks[0]);
    hak_slab_give(heap, blocks[1]);
    return &hak_arena.records[heap->bin[CLASS].slabs].slab;
}

static void take_from_slabs(void)
{
    void *some[8];
    hak_slab_take(heap, CLASS, some, 8);
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
        if (hak_slab_of(blocks[i]) != hak_slab_of(blocks[0])) {
            hak_slab_give(heap, blocks[i]);
            break;
        }
    hak_slab_give(heap, blocks[0]);
    struct hak_slab *first = &hak_arena.records[heap->bin[CLASS].slabs].slab;
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
    hakmem_free(blocks[0]);
    uintptr_t top = hak_thread.top[CLASS];
    hak_top_magazine(top)->slot[hak_top_count(top) - 1] = pointer;
    hak_heap_trim();
}

static void slot_holds_an_interior(void *unused)
{
    take_blocks();
    slot_holds((char *)blocks[1] + 16);
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
    slot_holds(&blocks);
}

static void slot_holds_text(void *unused)
{
    slot_holds((void *)0x4141414141414141);
}

static void slot_holds_a_large_block(void *unused)
{
    slot_holds(hakmem_malloc(100000));
}

/* Three spans in a row, the middle one free. */
static uint32_t free_span_of(uint32_t units)
{
    uint32_t a = hak_arena_take(3, 1, HAK_WORD_LARGE, NULL),
             b = hak_arena_take(units, 1, HAK_WORD_LARGE, NULL);
    assert_int_equal(hak_arena_take(3, 1, HAK_WORD_LARGE, NULL), b + units);
    assert_int_equal(b, a + 3);
    hak_arena_give(b);
    return b;
}

static uint32_t free_span(void)
{
    return free_span_of(5);
}

static void free_span_too_long(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].units = 1u << 30;
    hak_arena_give(unit - 3);
}

static void free_span_in_use(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].state = HAK_UNIT_USED;
    hak_arena_take(5, 1, HAK_WORD_LARGE, NULL);
}

static void free_span_next_is_none(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].next = UINT32_MAX / 2;
    hak_arena_give(unit - 3);
}

static void free_span_previous_is_another(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].previous = 2;
    hak_arena_give(unit - 3);
}

static void free_span_previous_is_none(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].previous = UINT32_MAX / 2;
    hak_arena_give(unit - 3);
}

static void free_span_of_nothing(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].units = 0;
    hak_arena_give(unit - 3);
}

static void free_span_of_another_length(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].units = 4;
    hak_arena_give(unit - 3);
}

/* Two in one list, for 48 to 55 units. */
static void free_span_next_forgets(void *unused)
{
    hak_arena_take(hak_arena.units, 1, HAK_WORD_LARGE, NULL); /* all that was free is not enough */
    while (hak_free_spans_find(48) != HAK_NO_UNIT)
        hak_arena_take(48, 1, HAK_WORD_LARGE, NULL);
    uint32_t a = hak_arena_take(48, 1, HAK_WORD_LARGE, NULL),
             wall = hak_arena_take(48, 1, HAK_WORD_LARGE, NULL);
    uint32_t b = hak_arena_take(50, 1, HAK_WORD_LARGE, NULL),
             end = hak_arena_take(48, 1, HAK_WORD_LARGE, NULL);
    assert_true(wall == a + 48 && b == a + 96 && end == b + 50);
    hak_arena_give(a);
    hak_arena_give(b);
    assert_int_equal(hak_arena.records[b].next, a);
    hak_arena.records[a].previous = 7;
    hak_arena_give(wall);
}

static void free_span_ends_before_it_begins(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit + 4].units = unit + 100;
    hak_arena_give(unit + 5);
}

static void free_list_leads_astray(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].units = 4;
    hak_arena.records[unit].next = UINT32_MAX / 2;
    hak_arena_take(5, 1, HAK_WORD_LARGE, NULL);
}

static void *large(size_t bytes)
{
    return hakmem_malloc(bytes);
}

static void span_too_long(void *unused)
{
    void *block = large(200000);
    hak_arena.records[hak_unit_of(block)].units = 1u << 20;
    hakmem_free(block);
}

static void span_of_nothing(void *unused)
{
    void *block = large(200000);
    hak_arena.records[hak_unit_of(block)].units = 0;
    hakmem_realloc(block, 70000);
}

static void span_is_free(void *unused)
{
    void *block = large(200000);
    hak_arena.records[hak_unit_of(block)].state = HAK_UNIT_FREE;
    hakmem_free(block);
}

static void span_ends_differ(void *unused)
{
    void *block = large(200000);
    hak_arena.records[hak_unit_of(block) + 3].units = 2;
    hakmem_free(block);
}

static void block_longer_than_its_span(void *unused)
{
    void *block = large(200000);
    hak_arena.records[hak_unit_of(block)].bytes = 1 << 30;
    hakmem_realloc(block, 40);
}

static void word_names_no_heap(void *unused)
{
    take_blocks();
    hak_arena.words[hak_unit_of(blocks[0])] = 999 << 8 | CLASS;
    hakmem_free(blocks[0]);
}

static void word_names_no_class(void *unused)
{
    take_blocks();
    hak_arena.words[hak_unit_of(blocks[0])] = heap->owner << 8 | 70;
    hakmem_free(blocks[0]);
}

static void word_names_another_class(void *unused)
{
    take_blocks();
    hak_arena.words[hak_unit_of(blocks[0])] = 1 << 8 | (CLASS - 2);
    hakmem_free((void *)((uintptr_t)blocks[0] & ~(uintptr_t)0xffff));
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

/* The huge blocks' records lie in a mapping of 64 KiB, which the kernel may have joined to others:
 * address and length side by side. */
static uintptr_t *huge_record(void *block)
{
    char line[256];
    FILE *maps = fopen("/proc/self/maps", "r");
    uintptr_t *found = NULL;
    while (!found && fgets(line, sizeof line, maps)) {
        uintptr_t begin, end;
        if (sscanf(line, "%lx-%lx rw-p %*x 00:00 0 %*c", &begin, &end) != 2 || strchr(line, '[') ||
            end - begin > 16 << 20)
            continue;
        const volatile uintptr_t *words = (const volatile uintptr_t *)begin;
        for (size_t i = 0; i + 1 < (end - begin) / sizeof *words && !found; i++)
            if (words[i] == (uintptr_t)block && words[i + 1] == 81920)
                found = (uintptr_t *)begin + i;
    }
    fclose(maps);
    assert_non_null(found);
    return found;
}

static void huge_block_is_longer(void *unused)
{
    void *block = hak_huge_malloc(80000, 4096);
    huge_record(block)[1] += 4096;
    hakmem_free(block);
}

static void huge_block_is_resized(void *unused)
{
    void *block = hak_huge_malloc(80000, 4096);
    huge_record(block)[1] = 1 << 20;
    hakmem_realloc(block, 200000);
}

static void judge(void (*act)(void *), const char *name, const char *start, const char *part)
{
    struct child_end end = child_run(act, NULL, 20);
    const char *newline = strchr(end.text, '\n');
    bool fine = end.signal == SIGABRT && strncmp(end.text, start, strlen(start)) == 0 &&
                strstr(end.text, part) && newline && newline[1] == '\0';
    printf("%-6s %-36s %s\n", fine ? "ok" : "BROKEN", name, child_describe(&end));
    assert_true(fine);
}

static void records_are_not_believed(void **state)
{
    static const struct {
        void (*act)(void *);
        const char *name, *what;
    } cases[] = {
#define CASE(act, what) {act, #act, what " was written over"}
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
        CASE(free_span_too_long, "a free span's record"),
        CASE(free_span_in_use, "a free span's record"),
        CASE(free_span_next_is_none, "a free span's record"),
        CASE(free_span_previous_is_another, "a free span's record"),
        CASE(free_span_previous_is_none, "a free span's record"),
        CASE(free_span_of_nothing, "a free span's record"),
        CASE(free_span_of_another_length, "a free span's record"),
        CASE(free_span_next_forgets, "a free span's record"),
        CASE(free_span_ends_before_it_begins, "a free span's record"),
        CASE(free_list_leads_astray, "a free span's record"),
        CASE(span_too_long, "a span's record"),
        CASE(span_of_nothing, "record"),
        CASE(span_is_free, "a span's record"),
        CASE(span_ends_differ, "a span's record"),
        CASE(block_longer_than_its_span, "a large block's record"),
        CASE(word_names_no_heap, "the word of a slab"),
        CASE(word_names_no_class, "the word of a slab"),
        CASE(word_names_another_class, "the word of a slab"),
        CASE(orphan_is_in_use, "a heap's record"),
        CASE(huge_block_is_longer, "a huge block's record"),
        CASE(huge_block_is_resized, "a huge block's record"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        judge(cases[i].act, cases[i].name, "hakmem: corrupted state: pointer 0x", cases[i].what);
}

static void free_inside_huge(void *unused)
{
    hakmem_free((char *)hak_huge_malloc(80000, 4096) + 4096);
}

static void free_misaligned_in_huge(void *unused)
{
    hakmem_free((char *)hak_huge_malloc(80000, 4096) + 5);
}

static void free_huge_twice(void *unused)
{
    void *block = hak_huge_malloc(80000, 4096);
    hakmem_free(block);
    hakmem_free(block);
}

static void free_magazine(void *unused)
{
    hakmem_free(full_magazine());
}

static void free_table(void *unused)
{
    hakmem_free(&hak_arena.records[5]);
}

/* Committed, and beyond all that was handed out. */
static void free_beyond_all(void *unused)
{
    hakmem_free(hak_unit_address((uint32_t)hak_arena.units - 1));
}

/* The block that would be handed out next, and the last one that was. */
static void free_in_the_next_block(void *unused)
{
    take_blocks();
    const struct hak_slab *slab = hak_slab_of(blocks[MANY - 1]);
    hakmem_free((char *)hak_unit_address(hak_slab_unit(slab)) + slab->carved * SIZE + 16);
}

static void free_in_the_last_block(void *unused)
{
    take_blocks();
    const struct hak_slab *slab = hak_slab_of(blocks[MANY - 1]);
    hakmem_free((char *)hak_unit_address(hak_slab_unit(slab)) + (slab->carved - 1) * SIZE + 16);
}

static void free_behind_the_range(void *unused)
{
    hakmem_free((char *)hak_arena.base + (hak_arena.reserved << HAK_SLAB_SHIFT));
}

static void free_of_dead_heap(void *unused)
{
    take_blocks();
    hak_thread.heap = NULL;
    hak_thread.state = HAK_THREAD_ENDED;
    hak_thread.key = HAK_NO_KEY;
    heap->state = HAK_HEAP_DEAD;
    hak_misuse_stop(HAK_MISUSE_DOUBLE_FREE, blocks[0]);
}

static void free_of_no_heap(void *unused)
{
    take_blocks();
    hak_arena.words[hak_unit_of(blocks[0])] = 999 << 8 | CLASS;
    hak_misuse_stop(HAK_MISUSE_DOUBLE_FREE, blocks[0]);
}

static void places_only_internals_lead_to(void **state)
{
    judge(free_inside_huge, "inside a huge block", "hakmem: pointer inside a block: pointer 0x",
          "000: no block starts there; inside a huge block of 81920 bytes that starts at 0x");
    judge(free_inside_huge, "inside a huge block",
          "hakmem: ", "000, 4096 bytes into it, a mapping of its own\n");
    judge(free_misaligned_in_huge, "misaligned in a huge block",
          "hakmem: misaligned pointer: pointer 0x",
          "005: no multiple of 16; inside a huge block of 81920 bytes that starts at 0x");
    judge(free_huge_twice, "huge block twice", "hakmem: foreign pointer: pointer 0x",
          "or a huge block freed before)\n");
    judge(free_magazine, "a magazine", "hakmem: invalid pointer (or double free): pointer 0x",
          ": no block is in use there; in the allocator's own memory (magazines)\n");
    judge(free_table, "a table", "hakmem: foreign pointer: pointer 0x",
          ": in the allocator's own tables\n");
    judge(free_beyond_all, "beyond all that was handed out",
          "hakmem: invalid pointer (or double free): pointer 0x",
          ": no block is in use there; in addresses kept for blocks to come\n");
    judge(free_in_the_next_block, "in the next block", "hakmem: pointer inside a block: pointer 0x",
          "inside a block, never handed out, of 64 bytes");
    judge(free_in_the_last_block, "in the last block", "hakmem: pointer inside a block: pointer 0x",
          "inside a block of 64 bytes");
    judge(free_behind_the_range, "behind the arena", "hakmem: foreign pointer: pointer 0x",
          ": not from this allocator");
    judge(free_of_dead_heap, "a heap lost in a fork",
          "hakmem: double free: ", " of heap 2, lost in a fork\n");
    judge(free_of_no_heap, "a heap that is none",
          "hakmem: double free: ", " of heap 999, which there is not\n");
}

/* Counters lead nowhere: written over, they are wrong and nothing else is. */
static void scramble_counters(void *unused)
{
    memset(hak_counters_page(1), 0xa5, 2 * HAK_COUNTER_PAGE_BYTES);
    for (int round = 0; round < 20; round++) {
        take_blocks();
        free_blocks();
        hak_heap_trim();
        hakmem_free(hakmem_realloc(hakmem_malloc(100000), 300000));
    }
}

static void counters_lead_nowhere(void **state)
{
    struct child_end end = child_run(scramble_counters, NULL, 20);
    assert_int_equal(end.exit_status, 0);
}

/* The mark may stand in a block in use, where the program put it: nobody is accused for that. */
static void a_mark_alone_is_no_proof(void **state)
{
    uint64_t *block = hakmem_malloc(SIZE);
    block[1] = (uintptr_t)block + 0x5bd1e995;
    assert_true(hak_heap_is_alone());
    hakmem_free(block);
    assert_ptr_equal(hakmem_malloc(SIZE), block);
}

static void a_line_ends_where_it_must(void **state)
{
    struct hak_line line = {.length = 0};
    for (int i = 0; i < 100; i++) {
        hak_line_add(&line, "0123456789");
        hak_line_add_number(&line, UINT64_MAX);
        hak_line_add_address(&line, UINTPTR_MAX);
    }
    assert_int_equal(line.length, sizeof line.text - 1);
    assert_memory_equal(line.text, "0123456789184467440737095516150xffffffffffffffff0123", 52);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mark_alone_is_no_proof),      cmocka_unit_test(records_are_not_believed),
        cmocka_unit_test(places_only_internals_lead_to), cmocka_unit_test(counters_lead_nowhere),
        cmocka_unit_test(a_line_ends_where_it_must),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
