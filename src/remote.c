/* SPDX-License-Identifier: MIT */
#include "remote.h"

#include "counters.h"
#include "hakmem_probes.h"

#ifndef HAK_REMOTE_BATCH /* hard mode `remote` makes it 1: every free is published at once */
#    define HAK_REMOTE_BATCH HAK_MAGAZINE_SLOTS
#endif

enum {
    OLD_TICKS = 256,      /* a magazine begun so many slow paths ago is published as it is */
    ORPHAN_DEPTH_MAX = 8, /* magazines in an orphan's inbox before a freeing thread empties it */
};

static size_t word_class(uint64_t word)
{
    return word & 0xff;
}

static struct hak_outbox_slot *outbox_slot(struct hak_heap *heap, uint64_t word)
{
    return &heap->outbox[(word ^ word >> 8) % HAK_OUTBOX_SLOTS];
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

static void publish(struct hak_outbox_slot *slot)
{
    struct hak_heap *owner = hak_heap_of((uint32_t)(slot->word >> 8));
    uint32_t count = hak_top_count(slot->top);
    size_t size_class = word_class(slot->word);
    HAK_PROBE3(remote_publish, owner->owner, size_class, count);
    hak_count(HAK_COUNT_remote_publishes);
    hak_count_add(HAK_COUNT_remote_blocks_published, count);
    slot->word = 0;
    uint32_t depth = push_magazine(owner, hak_top_magazine(slot->top), size_class, count);
    if (depth > ORPHAN_DEPTH_MAX &&
        __atomic_load_n(&owner->state, __ATOMIC_RELAXED) == HAK_HEAP_ORPHAN)
        hak_heap_drain_orphan(owner);
}

/* A slot for this word with an empty magazine; false: no memory for one. */
static bool begin(struct hak_heap *heap, struct hak_outbox_slot *slot, uint64_t word)
{
    if (slot->word != 0)
        publish(slot);
    struct hak_magazine *magazine = hak_magazine_take(heap);
    if (!magazine)
        return false;
    slot->word = word;
    slot->top = hak_magazine_top(magazine, 0);
    slot->age = heap->tick;
    return true;
}

void hak_remote_free(struct hak_heap *heap, void *block, uint64_t word)
{
    struct hak_outbox_slot *slot = outbox_slot(heap, word);
    hak_heap_enter(heap);
    hak_count(HAK_COUNT_remote_frees);
    if (slot->word != word && !begin(heap, slot, word)) {
        hak_remote_send_block(hak_heap_of((uint32_t)(word >> 8)), block);
    } else {
        uint32_t limit = hak_class_limit(word_class(word), HAK_REMOTE_BATCH);
        slot->top += sizeof(void *);
        *(void **)slot->top = block;
        if (hak_top_count(slot->top) >= limit) {
            heap->tick++;
            publish(slot);
        }
    }
    hak_heap_leave(heap);
}

void hak_remote_publish_all(struct hak_heap *heap)
{
    for (int i = 0; i < HAK_OUTBOX_SLOTS; i++) {
        if (heap->outbox[i].word != 0)
            publish(&heap->outbox[i]);
    }
}

void hak_remote_publish_old(struct hak_heap *heap)
{
    for (int i = 0; i < HAK_OUTBOX_SLOTS; i++) {
        if (heap->outbox[i].word != 0 && heap->tick - heap->outbox[i].age >= OLD_TICKS)
            publish(&heap->outbox[i]);
    }
}

void hak_remote_send_block(struct hak_heap *owner, void *block)
{
    void **link = block; /* the second word belongs to the check factor */
    void *old = __atomic_load_n(&owner->inbox_blocks, __ATOMIC_RELAXED);
    do
        *link = old;
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
        uint32_t count = hak_link_count(magazine->link);
        next = hak_link_next(magazine->link);
        blocks += count;
        bool kept = heap->state == HAK_HEAP_OWNED &&
                    hak_depot_push(heap, hak_link_class(magazine->link), magazine, count);
        if (kept)
            continue;
        for (uint32_t i = 0; i < count; i++)
            hak_slab_give(heap, magazine->slot[i]);
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
        next = *(void **)block;
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
