/* SPDX-License-Identifier: MIT */
#include "slab.h"

#include <string.h>

#include "counters.h"
#include "factors.h"
#include "hakmem_probes.h"
#include "heap.h"
#include "misuse.h"
#include "slab_purge.h"

#ifndef HAK_SLAB_BLOCKS_MAX /* hard mode `tiny` makes it 2 */
#    define HAK_SLAB_BLOCKS_MAX HAK_SLAB_BITS
#endif

static struct hak_slab *slab_at(uint32_t unit)
{
    return &hak_arena.records[unit].slab;
}

static void list(struct hak_bin *bin, struct hak_slab *slab, uint32_t unit)
{
    slab->previous = HAK_NO_UNIT;
    slab->next = bin->slabs;
    if (slab->next != HAK_NO_UNIT)
        slab_at(slab->next)->previous = unit;
    bin->slabs = unit;
    slab->listed = true;
}

/* Its neighbours lead back to it, and where there are none, its list does. */
static bool is_linked(const struct hak_bin *bin, const struct hak_slab *slab)
{
    uint32_t unit = hak_slab_unit(slab), next = slab->next, previous = slab->previous;
    uint32_t units = (uint32_t)__atomic_load_n(&hak_arena_units, __ATOMIC_RELAXED); /* may grow */
    bool after = next == HAK_NO_UNIT || (next < units && slab_at(next)->previous == unit);
    if (previous == HAK_NO_UNIT)
        return after && bin->slabs == unit;
    return after && previous < units && slab_at(previous)->next == unit;
}

static void unlist(struct hak_bin *bin, struct hak_slab *slab)
{
    hak_must_hold(is_linked(bin, slab), slab, "a slab's record");
    if (slab->previous != HAK_NO_UNIT)
        slab_at(slab->previous)->next = slab->next;
    else
        bin->slabs = slab->next;
    if (slab->next != HAK_NO_UNIT)
        slab_at(slab->next)->previous = slab->previous;
    slab->listed = false;
}

/* All blocks are in the slab: as new. */
static void reset(struct hak_slab *slab)
{
    freelist_init(slab);
    slab->carved = HAK_SLOTS_RANDOM ? slab->capacity : HAK_FIRST_BLOCK;
    slab->back = slots_fill(slab);
    slab->rest = HAK_SLAB_BUSY;
    if (slab->unmarked)
        hak_slab_unpurge(slab);
}

static bool make(struct hak_heap *heap, struct hak_bin *bin, size_t size_class)
{
    bool zero;
    uint32_t unit =
        hak_arena_take_unit(heap->owner << 8 | heap->word_flags | (uint32_t)size_class, &zero);
    if (unit == HAK_NO_UNIT)
        return false;
    if (HAK_ZERO_ON_FREE && !zero)
        memset(hak_unit_address(unit), 0, HAK_SLAB_BYTES);
    struct hak_slab *slab = slab_at(unit);
    uint32_t blocks = HAK_SLAB_BYTES / hak_class_bytes[size_class];
    slab->capacity = (uint16_t)(blocks < HAK_SLAB_BLOCKS_MAX ? blocks : HAK_SLAB_BLOCKS_MAX);
    slab->size_class = (uint8_t)size_class;
    slab->unmarked = false; /* by an earlier slab here */
    slab->purged_pages = 0;
    reset(slab);
    list(bin, slab, unit);
    bin->slab_count++;
    hak_count(HAK_COUNT_slab_takes);
    HAK_PROBE2(slab_take, size_class, (uintptr_t)hak_unit_address(unit));
    return true;
}

static void give_away(struct hak_bin *bin, size_t size_class, uint32_t unit)
{
    HAK_PROBE2(slab_give, size_class, (uintptr_t)hak_unit_address(unit));
    hak_count(HAK_COUNT_slab_gives);
    bin->slab_count--;
    hak_arena_give(unit);
}

static bool is_slab_of(const struct hak_slab *slab, size_t size_class)
{
    return slab->size_class == size_class && slab->back <= slab->carved &&
           slab->carved <= slab->capacity &&
           slab->capacity * hak_class_bytes[size_class] <= HAK_SLAB_BYTES;
}

/* Blocks of one slab: those that came back first, then new ones. */
static uint32_t take_from(struct hak_slab *slab, void **blocks, uint32_t want)
{
    uint16_t indexes[HAK_MAGAZINE_SLOTS];
    char *base = hak_unit_address(hak_slab_unit(slab));
    uint32_t bytes = hak_class_bytes[slab->size_class];
    uint32_t taken = slab->back ? slots_take(slab, indexes, want) : 0;
    hak_must_hold(taken <= slab->back, slab, "a slab's free list");
    /* Fewer than were wanted and there should be: a list in the blocks was written over. Those
     * beyond are lost. */
    slab->back = taken < want ? 0 : (uint16_t)(slab->back - taken);
    for (uint32_t i = 0; i < taken; i++)
        blocks[i] = base + indexes[i] * bytes;
    uint32_t fresh = (uint32_t)(slab->capacity - slab->carved);
    if (fresh > want - taken)
        fresh = want - taken;
    for (uint32_t i = 0; i < fresh; i++)
        blocks[taken + i] = base + (slab->carved + i) * bytes;
    slab->rest = HAK_SLAB_BUSY;
    if (slab->unmarked)
        hak_slab_touch(slab, blocks, taken, taken + fresh);
    /* Others may ask hak_slab_is_free about a block as soon as the program has it. */
    __atomic_store_n(&slab->carved, (uint16_t)(slab->carved + fresh), __ATOMIC_RELAXED);
    return taken + fresh;
}

static void reverse(void **blocks, uint32_t count)
{
    for (uint32_t i = 0, j = count - 1; i < count / 2; i++, j--) {
        void *block = blocks[i];
        blocks[i] = blocks[j];
        blocks[j] = block;
    }
}

uint32_t hak_slab_take(struct hak_heap *heap, size_t size_class, void **blocks, uint32_t want)
{
    struct hak_bin *bin = &heap->bin[size_class];
    uint32_t taken = 0;
    if (bin->slabs == HAK_NO_UNIT && bin->spare != HAK_NO_UNIT) {
        list(bin, slab_at(bin->spare), bin->spare);
        bin->spare = HAK_NO_UNIT;
    }
    if (bin->slabs == HAK_NO_UNIT && !make(heap, bin, size_class))
        return 0;
    while (taken < want && bin->slabs != HAK_NO_UNIT) {
        struct hak_slab *slab = slab_at(bin->slabs);
        hak_must_hold(is_slab_of(slab, size_class), slab, "a slab's record");
        taken += take_from(slab, blocks + taken, want - taken);
        if (slab->back == 0 && slab->carved == slab->capacity) {
            unlist(bin, slab);
            if (slab->unmarked)
                hak_slab_unpurge(slab);
        }
    }
    reverse(blocks, taken);
    hak_count_add(HAK_COUNT_slab_blocks_taken, taken);
    return taken;
}

/* The last block came back. */
static void retire(struct hak_bin *bin, struct hak_slab *slab, uint32_t unit)
{
    if (slab->listed)
        unlist(bin, slab);
    reset(slab);
    if (bin->spare == HAK_NO_UNIT && slab->size_class < HAK_SMALL_CLASSES)
        bin->spare = unit;
    else
        give_away(bin, slab->size_class, unit);
}

bool hak_slab_owns(const struct hak_heap *heap, const void *block)
{
    uint64_t word;
    uint32_t offset = (uint32_t)((uintptr_t)block & (HAK_SLAB_BYTES - 1));
    return metadata_find(block, &word) && (word & ~(uint64_t)0xff) == (uint64_t)heap->owner << 8 &&
           (word & 0xff & ~(uint64_t)HAK_WORD_FLAGS) == hak_slab_of(block)->size_class &&
           hak_is_block_start(hak_slab_of(block)->size_class, offset);
}

static inline void give(struct hak_heap *heap, void *block)
{
    hak_must_hold(hak_slab_owns(heap, block), block,
                  "a block was freed twice, or a list of free blocks");
    struct hak_slab *slab = hak_slab_of(block);
    size_t size_class = slab->size_class;
    uint32_t index =
        hak_block_index(size_class, (uint32_t)((uintptr_t)block & (HAK_SLAB_BYTES - 1)));
    uint32_t carved = (uint32_t)(slab->carved - HAK_FIRST_BLOCK);
    if (HAK_UNLIKELY(index - HAK_FIRST_BLOCK >= carved || !freelist_give(slab, index)))
        hak_misuse_stop(HAK_MISUSE_DOUBLE_FREE, block);
    slab->back++;
    slab->rest = HAK_SLAB_BUSY;
    if (HAK_UNLIKELY(slab->back == carved))
        retire(&heap->bin[size_class], slab, hak_slab_unit(slab));
    else if (HAK_UNLIKELY(!slab->listed))
        list(&heap->bin[size_class], slab, hak_slab_unit(slab));
}

void hak_slab_give(struct hak_heap *heap, void *block)
{
    give(heap, block);
    hak_count(HAK_COUNT_slab_blocks_given);
}

void hak_slab_give_all(struct hak_heap *heap, void **blocks, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        give(heap, blocks[i]);
    hak_count_add(HAK_COUNT_slab_blocks_given, count);
}

void hak_slab_trim_class(struct hak_heap *heap, size_t size_class)
{
    struct hak_bin *bin = &heap->bin[size_class];
    if (bin->spare != HAK_NO_UNIT)
        give_away(bin, size_class, bin->spare);
    bin->spare = HAK_NO_UNIT;
}

void hak_slab_trim(struct hak_heap *heap)
{
    for (size_t c = 0; c < HAK_CLASSES; c++)
        hak_slab_trim_class(heap, c);
}

bool hak_slab_is_free(const void *pointer)
{
    struct hak_slab *slab = hak_slab_of(pointer);
    uint32_t offset = (uint32_t)((uintptr_t)pointer & (HAK_SLAB_BYTES - 1));
    uint32_t index = hak_block_index(slab->size_class, offset);
    return index >= __atomic_load_n(&slab->carved, __ATOMIC_RELAXED) ||
           freelist_is_free(slab, index);
}
