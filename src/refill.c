/* SPDX-License-Identifier: MIT */
#include "refill.h"

#include "counters.h"
#include "depot.h"
#include "factors.h"
#include "hakmem_probes.h"
#include "heap.h"
#include "remote.h"
#include "tally.h"
#include "upkeep.h"

enum origin { ORIGIN_NONE, ORIGIN_DEPOT, ORIGIN_REMOTE, ORIGIN_SLAB };

enum {
    LINE_SLOTS = 8,  /* of a magazine, in a cache line */
    WARM_BLOCKS = 8, /* fetched ahead of a magazine's first pops */
};

/* A magazine from the depot was mostly filled by another thread, and its blocks were last written
 * there: what is popped first is on its way while the refill ends. */
static void warm_up(struct hak_magazine *magazine, uint32_t count)
{
    for (uint32_t i = LINE_SLOTS; i <= count; i += LINE_SLOTS)
        __builtin_prefetch(&magazine->slot[count - i]);
    for (uint32_t i = 1; i <= WARM_BLOCKS && i <= count; i++)
        __builtin_prefetch(magazine->slot[count - i], 1);
}

/* The depot's next magazine becomes the thread's. */
static bool refill_from_depot(struct hak_thread *thread, struct hak_heap *heap, size_t size_class)
{
    uint32_t count = 0;
    struct hak_magazine *full = hak_depot_pop(heap, size_class, &count);
    if (!full)
        return false;
    warm_up(full, count);
    hak_tally(thread, heap, size_class);
    cache_swap_in(thread, heap, size_class, full, count);
    hak_tally_held(thread, heap, size_class);
    return true;
}

/* Few blocks at first, then more each time: a class used once costs little memory. */
static bool refill_from_slabs(struct hak_thread *thread, struct hak_heap *heap, size_t size_class)
{
    struct hak_bin *bin = &heap->bin[size_class];
    void *spare[HAK_MAGAZINE_SLOTS];
    if (thread->top[size_class] == 0 && !cache_open(heap, &thread->top[size_class]))
        return false;
    uint32_t limit = hak_magazine_slots(size_class);
    uint32_t want = bin->fill < limit ? bin->fill : limit;
    void **blocks = cache_landing(thread, size_class, spare);
    uint32_t count = hak_slab_take(heap, size_class, blocks, want);
    hak_tally(thread, heap, size_class);
    cache_fill(thread, size_class, blocks, count);
    hak_tally_held(thread, heap, size_class);
    bin->fill = 2 * want;
    return count > 0;
}

bool hak_refill_swap(size_t size_class)
{
    struct hak_thread *thread = &hak_thread;
    struct hak_heap *heap = thread->heap;
    if (!heap || !heap->bin[size_class].depot || hak_remote_pending(heap))
        return false;
    hak_heap_enter(heap);
    hak_upkeep_tick(thread, heap);
    bool has_one = heap->bin[size_class].depot != NULL; /* upkeep may have emptied it */
    if (has_one) {
        HAK_PROBE1(refill_begin, size_class);
        refill_from_depot(thread, heap, size_class);
        hak_count_call(HAK_COUNT_refills);
        hak_count_call(HAK_COUNT_refills_depot);
        HAK_PROBE3(refill_end, size_class, cache_count(thread, size_class), ORIGIN_DEPOT);
    }
    hak_heap_leave(heap);
    return has_one;
}

static enum origin refill(struct hak_thread *thread, struct hak_heap *heap, size_t size_class)
{
    bool collected = hak_remote_pending(heap) && hak_remote_collect(heap) > 0;
    if (refill_from_depot(thread, heap, size_class))
        return collected ? ORIGIN_REMOTE : ORIGIN_DEPOT;
    return refill_from_slabs(thread, heap, size_class) ? ORIGIN_SLAB : ORIGIN_NONE;
}

bool hak_refill(size_t size_class)
{
    static const enum hak_counter origins[] = {HAK_COUNT_END, HAK_COUNT_refills_depot,
                                               HAK_COUNT_refills_remote, HAK_COUNT_refills_slab};
    struct hak_thread *thread = &hak_thread;
    struct hak_heap *heap = thread->heap;
    HAK_PROBE1(refill_begin, size_class);
    hak_heap_enter(heap);
    hak_count(HAK_COUNT_refills);
    hak_upkeep_tick(thread, heap);
    enum origin origin = refill(thread, heap, size_class);
    if (origin == ORIGIN_NONE) {
        hak_heap_trim();
        origin = refill(thread, heap, size_class);
    }
    HAK_PROBE3(refill_end, size_class, cache_count(thread, size_class), origin);
    if (origin != ORIGIN_NONE)
        hak_count(origins[origin]);
    hak_heap_leave(heap);
    return origin != ORIGIN_NONE;
}

/* All blocks to the depot, where it takes them. */
static bool overflow_to_depot(struct hak_thread *thread, struct hak_heap *heap, size_t size_class)
{
    uint32_t count = cache_count(thread, size_class);
    if (!hak_depot_has_room(heap, size_class, count))
        return false;
    hak_tally(thread, heap, size_class);
    struct hak_magazine *full = cache_swap_out(thread, heap, size_class, &count);
    if (full)
        hak_depot_push(heap, size_class, full, count);
    hak_tally_held(thread, heap, size_class);
    return full != NULL;
}

/* So many of the oldest to their slabs. */
static void give_to_slabs(struct hak_thread *thread, struct hak_heap *heap, size_t size_class,
                          uint32_t count)
{
    void *blocks[HAK_MAGAZINE_SLOTS];
    hak_tally(thread, heap, size_class);
    cache_drain(thread, size_class, blocks, count);
    hak_slab_give_all(heap, blocks, count);
    hak_tally_held(thread, heap, size_class);
}

void hak_overflow(size_t size_class, void *block)
{
    struct hak_thread *thread = &hak_thread;
    struct hak_heap *heap = thread->heap;
    HAK_PROBE1(overflow_begin, size_class);
    hak_heap_enter(heap);
    hak_count(HAK_COUNT_overflows);
    hak_upkeep_tick(thread, heap);
    uint32_t given = 0;
    bool to_depot = false;
    /* Upkeep may have emptied it: an empty magazine is none for the depot. */
    if (!cache_push(thread, size_class, block)) {
        uint32_t count = cache_count(thread, size_class);
        to_depot = overflow_to_depot(thread, heap, size_class);
        given = to_depot ? count : (count + 1) / 2; /* the warm half stays */
        if (!to_depot)
            give_to_slabs(thread, heap, size_class, given);
        cache_push(thread, size_class, block);
    }
    hak_count(to_depot ? HAK_COUNT_overflows_depot : HAK_COUNT_overflows_slab);
    HAK_PROBE3(overflow_end, size_class, given, to_depot ? 1 : 2);
    hak_heap_leave(heap);
}

static void end_quarantine(struct hak_thread *thread, struct hak_heap *heap, size_t size_class)
{
    void *blocks[HAK_MAGAZINE_SLOTS > HAK_QUARANTINE_SLOTS ? HAK_MAGAZINE_SLOTS
                                                           : HAK_QUARANTINE_SLOTS];
    hak_tally(thread, heap, size_class);
    hak_slab_give_all(heap, blocks, quarantine_drain(heap, size_class, blocks));
    hak_tally_held(thread, heap, size_class);
}

void hak_refill_flush_top(struct hak_thread *thread, struct hak_heap *heap, size_t size_class)
{
    uint32_t count = cache_count(thread, size_class);
    if (quarantine_count(heap, size_class) > 0)
        end_quarantine(thread, heap, size_class);
    if (count > 0)
        give_to_slabs(thread, heap, size_class, count);
}

void hak_refill_flush(struct hak_thread *thread, struct hak_heap *heap)
{
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        uint32_t count = 0;
        struct hak_magazine *magazine;
        while ((magazine = hak_depot_pop(heap, c, &count))) {
            hak_slab_give_all(heap, magazine->slot, count);
            hak_magazine_give(heap, magazine);
        }
        hak_refill_flush_top(thread, heap, c);
    }
}
