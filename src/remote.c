/* SPDX-License-Identifier: MIT */
#include "remote.h"

#include "counters.h"
#include "depot.h"
#include "factors.h"
#include "hakmem_probes.h"
#include "hand_over.h"
#include "misuse.h"
#include "slow_path.h"

enum {
    OLD_TICKS = 256, /* a magazine begun so many slow paths ago is published as it is */
    BATCH_BYTES = 16 * 1024,
    BATCH_LEAST = 8,
    ORPHAN_DEPTH_MAX = 8, /* magazines in an orphan's inbox before a freeing thread empties it */
};

static size_t word_class(uint64_t word)
{
    return word & 0xff;
}

/* Most blocks that one magazine should take along: about BATCH_BYTES of them, for what is on its
 * way nobody can use, but no fewer than BATCH_LEAST, and no more than the owner can pop from. */
static uint32_t batch_limit(size_t size_class)
{
    uint32_t blocks = BATCH_BYTES / hak_class_bytes[size_class];
    uint32_t most = hak_magazine_slots(size_class);
    if (most > HAK_REMOTE_BATCH)
        most = HAK_REMOTE_BATCH;
    if (blocks < BATCH_LEAST)
        blocks = BATCH_LEAST;
    return blocks < most ? blocks : most;
}

/* The inbox is its newest magazine's address, and in the low bits how deep it is, as far as they
 * go. */
static uint32_t push_magazine(struct hak_heap *owner, struct hak_magazine *magazine,
                              size_t size_class, uint32_t count)
{
    uint64_t old = __atomic_load_n(&owner->inbox, __ATOMIC_RELAXED);
    uint64_t depth;
    do {
        magazine->link =
            hak_link((struct hak_magazine *)(uintptr_t)(old & ~(uint64_t)HAK_MAGAZINE_MASK),
                     size_class, count);
        depth = (old & HAK_MAGAZINE_MASK) + 1;
        if (depth > HAK_MAGAZINE_MASK)
            depth = HAK_MAGAZINE_MASK;
    } while (!__atomic_compare_exchange_n(&owner->inbox, &old, (uintptr_t)magazine | depth, true,
                                          __ATOMIC_RELEASE, __ATOMIC_RELAXED));
    hak_count(HAK_COUNT_atomics);
    return (uint32_t)depth;
}

static void publish(struct hak_heap *heap, size_t place)
{
    struct hak_outbox_slot *slot = &heap->outbox.slot[place];
    hak_must_hold(hak_heap_exists(slot->word >> 8), slot, "a place in the outbox");
    struct hak_heap *owner = hak_heap_of(slot->word >> 8);
    uint32_t count = hak_top_count(slot->top);
    size_t size_class = word_class(slot->word);
    HAK_PROBE3(remote_publish, owner->owner, size_class, count);
    hak_count(HAK_COUNT_remote_publishes);
    hak_count_add(HAK_COUNT_remote_blocks_published, count);
    struct hak_magazine *magazine = hak_top_magazine(slot->top);
    *slot = (struct hak_outbox_slot){0};
    heap->outbox.used[place / 64] &= ~(UINT64_C(1) << place % 64);
    uint32_t depth = push_magazine(owner, magazine, size_class, count);
    if (depth > ORPHAN_DEPTH_MAX &&
        __atomic_load_n(&owner->state, __ATOMIC_RELAXED) == HAK_HEAP_ORPHAN)
        hak_heap_drain_orphan(owner);
}

/* An empty magazine for this word in its place; false: no memory for one. */
static bool begin(struct hak_heap *heap, size_t place, uint64_t word)
{
    struct hak_outbox_slot *slot = &heap->outbox.slot[place];
    if (slot->word != 0)
        publish(heap, place);
    struct hak_magazine *magazine = hak_magazine_take(heap);
    if (!magazine)
        return false;
    *slot = (struct hak_outbox_slot){
        .top = hak_magazine_top(magazine, 0),
        .word = (uint32_t)word,
        .last = (uint16_t)((batch_limit(word_class(word)) - 1) * sizeof(void *)),
        .begun = (uint16_t)heap->tick,
    };
    heap->outbox.used[place / 64] |= UINT64_C(1) << place % 64;
    return true;
}

static bool takes_its_last(const struct hak_outbox_slot *slot)
{
    return (slot->top & HAK_MAGAZINE_MASK) == slot->last;
}

static void put(struct hak_outbox_slot *slot, void *block)
{
    *(void **)(slot->top + sizeof(void *)) = block;
    hak_before_fork_sees();
    slot->top += sizeof(void *);
}

/* What the fast path left undone, for the commonest reason: the slab is another's, and a magazine
 * for its owner and class is begun. No lock, no call, nothing written but the outbox and the mark;
 * so it needs no `busy` either. A fork between two of its lines loses a block to the child. Its
 * model for spin: tests/model/fork.pml. */
HAK_NOINLINE void hak_remote_fast_free(void *pointer, uint64_t difference)
{
    struct hak_thread *thread = &hak_thread;
    void *block = pointer;
    uint64_t word = difference ^ thread->key, size_class = word_class(word);
    if (HAK_UNLIKELY(!thread->heap))
        return hak_slow_free(pointer);
    struct hak_outbox_slot *slot = &thread->heap->outbox.slot[hak_outbox_place(word)];
    if (slot->word != word || takes_its_last(slot))
        return hak_slow_free(pointer);
    uint64_t mark = check_mark(block);
    if (HAK_UNLIKELY(!header_read(block, &size_class) ||
                     !check_before_free(thread, block, size_class, mark) ||
                     !canary_is_whole(block, size_class)))
        return hak_slow_free(pointer);
    HAK_PROBE1(free, pointer);
    hak_take_back(block, size_class, mark);
    put(slot, block);
    thread->counters->frees[size_class]++;
    thread->counters->count[HAK_COUNT_remote_frees]++;
}

void hak_remote_free(struct hak_heap *heap, void *block, uint64_t word)
{
    size_t place = hak_outbox_place(word);
    struct hak_outbox_slot *slot = &heap->outbox.slot[place];
    hak_heap_enter(heap);
    hak_count(HAK_COUNT_remote_frees);
    if (slot->word != word && !begin(heap, place, word)) {
        hak_remote_send_block(hak_heap_of((uint32_t)(word >> 8)), block);
    } else {
        bool last = takes_its_last(slot);
        put(slot, block);
        if (last) {
            heap->tick++;
            publish(heap, place);
        }
    }
    hak_heap_leave(heap);
}

/* Publishes every magazine begun so many ticks ago or more. */
static void publish_begun(struct hak_heap *heap, uint16_t ticks)
{
    for (size_t w = 0; w < HAK_OUTBOX_SLOTS / 64; w++) {
        for (uint64_t left = heap->outbox.used[w]; left != 0; left &= left - 1) {
            size_t place = w * 64 + (size_t)__builtin_ctzll(left);
            if ((uint16_t)(heap->tick - heap->outbox.slot[place].begun) >= ticks)
                publish(heap, place);
        }
    }
}

void hak_remote_publish_all(struct hak_heap *heap)
{
    publish_begun(heap, 0);
}

void hak_remote_publish_old(struct hak_heap *heap)
{
    publish_begun(heap, OLD_TICKS);
}

/* What a block's first word holds that leads to `next`, and back. A program that writes into a
 * block it freed makes an address of it that is no block's. */
static void *linked(const void *block, const void *next)
{
    return (void *)((uintptr_t)next ^ (uintptr_t)block * (uintptr_t)0x9e3779b97f4a7c15);
}

void hak_remote_send_block(struct hak_heap *owner, void *block)
{
    void **link = block; /* the second word belongs to the check factor */
    void *old = __atomic_load_n(&owner->inbox_blocks, __ATOMIC_RELAXED);
    do
        *link = linked(block, old);
    while (!__atomic_compare_exchange_n(&owner->inbox_blocks, &old, block, true, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED));
    hak_count(HAK_COUNT_atomics);
    hak_count_add(HAK_COUNT_remote_blocks_published, 1);
}

static uint32_t collect_magazines(struct hak_heap *heap)
{
    uint32_t blocks = 0;
    uint64_t inbox = __atomic_exchange_n(&heap->inbox, 0, __ATOMIC_ACQUIRE);
    hak_count(HAK_COUNT_atomics);
    struct hak_magazine *next,
        *magazine = (struct hak_magazine *)(uintptr_t)(inbox & ~(uint64_t)HAK_MAGAZINE_MASK);
    for (; magazine; magazine = next) {
        hak_must_hold(hak_magazine_is_sound(magazine), magazine, "a magazine's link");
        uint32_t count = hak_link_count(magazine->link);
        next = hak_link_next(magazine->link);
        blocks += count;
        quarantine_pass(heap, hak_link_class(magazine->link), magazine->slot, count);
        bool kept = heap->state == HAK_HEAP_OWNED &&
                    hak_depot_push(heap, hak_link_class(magazine->link), magazine, count);
        if (kept)
            continue;
        hak_slab_give_all(heap, magazine->slot, count);
        hak_magazine_give(heap, magazine);
    }
    return blocks;
}

static uint32_t collect_blocks(struct hak_heap *heap)
{
    uint32_t blocks = 0;
    if (!__atomic_load_n(&heap->inbox_blocks, __ATOMIC_RELAXED))
        return 0;
    hak_count(HAK_COUNT_atomics);
    void *next, *block = __atomic_exchange_n(&heap->inbox_blocks, NULL, __ATOMIC_ACQUIRE);
    for (; block; block = next, blocks++) {
        hak_must_hold(hak_slab_owns(heap, block), block, "a list of free blocks");
        next = linked(block, *(void **)block);
        if (HAK_ZERO_ON_FREE)
            *(void **)block = NULL;
        hak_slab_give(heap, block);
    }
    return blocks;
}

uint32_t hak_remote_collect(struct hak_heap *heap)
{
    HAK_PROBE1(remote_collect_begin, heap->owner);
    uint32_t blocks = collect_magazines(heap) + collect_blocks(heap);
    hak_count(HAK_COUNT_remote_collects);
    hak_count_add(HAK_COUNT_remote_blocks_collected, blocks);
    HAK_PROBE2(remote_collect_end, heap->owner, blocks);
    return blocks;
}
