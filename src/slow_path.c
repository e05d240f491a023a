/* SPDX-License-Identifier: MIT */
#include "slow_path.h"

#include <errno.h>
#include <string.h>

#include "counters.h"
#include "fast_path.h"
#include "hand_over.h"
#include "heap.h"
#include "huge.h"
#include "large.h"
#include "misuse.h"
#include "pointer_kind.h"
#include "refill.h"
#include "slab_purge.h"
#include "remote.h"
#include "sample.h"
#include "tally.h"
#include "upkeep.h"

void *hak_refuse(size_t bytes)
{
    HAK_PROBE1(out_of_memory, bytes);
    hak_count(HAK_COUNT_out_of_memory);
    errno = ENOMEM;
    return NULL;
}

/* Counts as the fast path does, which took the turn's last before it came here, or came for want of
 * blocks. Tallied at once, for a program of few mallocs may end with no slow path more. */
static void *take_cached(struct hak_thread *thread, size_t size_class)
{
    if (thread->rest[size_class].turn <= 1)
        hak_upkeep_turn(thread, thread->heap, size_class);
    if (cache_is_empty(thread, size_class) && !hak_refill(size_class))
        return NULL;
    if (thread->rest[size_class].turn == 1) /* the refill was an occasion to begin all turns anew */
        hak_tally_grant(thread, thread->heap, size_class, 2);
    void *block = slots_pop(thread, size_class);
    thread->rest[size_class].turn--;
    hak_tally(thread, thread->heap, size_class);
    return block;
}

static HAK_NOINLINE void *take_slowly(size_t size_class, size_t bytes)
{
    bool attached = hak_heap_attach();
    void *block = NULL;
    if (HAK_UNLIKELY(hak_sample_is_due(size_class)))
        block = hak_sample_take(size_class, bytes);
    if (HAK_LIKELY(!block))
        block = attached ? take_cached(&hak_thread, size_class) : hak_shared_malloc(size_class);
    return block ? hak_hand_out(block, size_class) : NULL;
}

/* A block of the class, from wherever this thread may take one. */
static inline void *take_block(size_t size_class, size_t bytes)
{
    struct hak_thread *thread = &hak_thread;
    if (HAK_UNLIKELY(cache_is_empty(thread, size_class) && !hak_refill_swap(size_class)))
        return take_slowly(size_class, bytes);
    /* Also where the refill was an occasion to end all turns. */
    if (HAK_UNLIKELY(thread->rest[size_class].turn <= 1))
        return take_slowly(size_class, bytes);
    thread->rest[size_class].turn--;
    return hak_hand_out(slots_pop(thread, size_class), size_class);
}

static void *take_large(size_t bytes, size_t alignment, bool *zero)
{
    hak_heap_attach();
    void *block = hak_large_malloc(bytes, alignment, zero);
    /* What this thread keeps in its caches may be what is missing, unless the request is absurd. */
    if (!block && hak_thread.heap && bytes >> HAK_SLAB_SHIFT < hak_arena_committed()) {
        hak_heap_trim();
        hak_large_recover();
        block = hak_large_malloc(bytes, alignment, zero);
    }
    return block;
}

HAK_NOINLINE void *hak_slow_malloc(size_t bytes)
{
    size_t size_class;
    void *block, *pointer;
    if (classify_size(bytes, &size_class)) {
        block = take_block(size_class, bytes);
        pointer = block ? header_write(block, size_class) : NULL;
    } else {
        pointer = take_large(bytes, 1, NULL);
    }
    if (!pointer)
        return hak_refuse(bytes);
    HAK_PROBE2(malloc, pointer, bytes);
    return pointer;
}

static HAK_NOINLINE void *aligned_slowly(size_t alignment, size_t bytes)
{
    size_t size_class = hak_aligned_class(bytes, alignment);
    void *block = size_class < HAK_CLASSES ? take_block(size_class, bytes)
                                           : take_large(bytes, alignment, NULL);
    if (!block)
        return hak_refuse(bytes);
    void *pointer = size_class < HAK_CLASSES ? header_write(block, size_class) : block;
    HAK_PROBE2(malloc, pointer, bytes);
    return pointer;
}

void *hak_aligned_malloc(size_t alignment, size_t bytes)
{
    size_t size_class = hak_aligned_class(bytes, alignment);
    void *pointer = HAK_LIKELY(size_class < HAK_CLASSES) ? hak_fast_take(size_class) : NULL;
    if (HAK_UNLIKELY(!pointer))
        return aligned_slowly(alignment, bytes);
    HAK_PROBE2(malloc, pointer, bytes);
    return pointer;
}

/* Up to 128 bytes by stores of a grain, from both ends towards each other; a block is whole grains,
 * so the last of them may be cleared whole, where it is the program's. */
static inline void *clear(char *block, size_t bytes)
{
    if (HAK_UNLIKELY(bytes > 8 * HAK_GRAIN || HAK_BLOCK_ROOM > 0))
        return memset(block, 0, bytes);
    char *last = block + ((bytes - (bytes != 0)) & ~(size_t)(HAK_GRAIN - 1));
    memset(block, 0, HAK_GRAIN);
    memset(last, 0, HAK_GRAIN);
    if (bytes > 2 * HAK_GRAIN) {
        memset(block + HAK_GRAIN, 0, HAK_GRAIN);
        memset(last - HAK_GRAIN, 0, HAK_GRAIN);
    }
    if (bytes > 4 * HAK_GRAIN) {
        memset(block + 2 * HAK_GRAIN, 0, 2 * HAK_GRAIN);
        memset(last - 3 * HAK_GRAIN, 0, 2 * HAK_GRAIN);
    }
    return block;
}

static HAK_NOINLINE void *calloc_large(size_t total)
{
    bool zero = false;
    void *block = take_large(total, 1, &zero);
    if (!block)
        return hak_refuse(total);
    HAK_PROBE2(malloc, block, total);
    return zero ? block : memset(block, 0, total);
}

void *hak_calloc(size_t count, size_t bytes)
{
    size_t total;
    if (HAK_UNLIKELY(__builtin_mul_overflow(count, bytes, &total)))
        return hak_refuse(SIZE_MAX);
    if (HAK_UNLIKELY(total > HAK_SLAB_MAX - HAK_BLOCK_ROOM))
        return calloc_large(total);
    void *pointer = hak_fast_malloc(total);
    if (HAK_ZERO_WHOLE || HAK_UNLIKELY(!pointer))
        return pointer;
    return clear(pointer, total);
}

/* The thread owns the slab. */
static void free_local(struct hak_thread *thread, void *block, size_t size_class)
{
    block = quarantine_exchange(thread->heap, size_class, block);
    if (block && !cache_push(thread, size_class, block))
        hak_overflow(size_class, block);
}

HAK_NOINLINE void hak_slow_put(void *block, size_t size_class)
{
    free_local(&hak_thread, block, size_class);
}

static void free_slab_block(void *block, uint64_t word)
{
    struct hak_thread *thread = &hak_thread;
    uint64_t mark = check_mark(block);
    hak_must_hold(hak_heap_exists((uint32_t)(word >> 8)) &&
                      hak_slab_of(block)->size_class == (word & 0xff),
                  hak_slab_of(block), "the word of a slab");
    if (check_is_marked(block, mark))
        hak_misuse_check_block(block, word);
    hak_check_canary(block, word & 0xff);
    bool attached = hak_heap_attach();
    hak_take_back(block, word & 0xff, mark);
    if (!attached) {
        hak_shared_free(block, word);
    } else if ((word ^ thread->key) < HAK_CLASSES) {
        free_local(thread, block, word & 0xff);
    } else {
        thread->counters->frees[word & 0xff]++;
        hak_remote_free(thread->heap, block, word);
    }
}

static void free_sampled(void *block, uint64_t word)
{
    uint64_t mark = check_mark(block);
    hak_must_hold(hak_heap_has_slabs_of((uint32_t)(word >> 8), HAK_WORD_SAMPLED) &&
                      hak_slab_of(block)->size_class == (word & 0xff),
                  hak_slab_of(block), "the word of a slab");
    if (check_is_marked(block, mark))
        hak_misuse_check_block(block, word);
    hak_check_canary(block, word & 0xff);
    hak_sample_give(block, word, mark);
}

static void free_huge(void *pointer)
{
    hak_sample_end(pointer);
    size_t bytes = hak_huge_free(pointer);
    if (bytes == 0)
        hak_misuse_stop_wild(pointer);
    HAK_PROBE2(large_free, (uintptr_t)pointer, bytes);
    hak_count_free(HAK_CLASS_HUGE);
    hak_count_add(HAK_COUNT_large_bytes_freed, bytes);
}

/* A block of this thread's own whose magazine is full: most of the frees that come here. */
static inline bool free_own(void *block)
{
    struct hak_thread *thread = &hak_thread;
    uint64_t word;
    if (!metadata_find(block, &word))
        return false;
    uint64_t size_class = word ^ thread->key, mark = check_mark(block);
    if (size_class >= HAK_CLASSES || !check_before_free(thread, block, size_class, mark) ||
        !canary_is_whole(block, size_class))
        return false;
    hak_take_back(block, size_class, mark);
    free_local(thread, block, size_class);
    return true;
}

static HAK_NOINLINE void free_any(void *block)
{
    uint64_t word = 0;
    switch (hak_pointer_kind(block, &word)) {
    case HAK_POINTER_PURGED_SLAB:
        if (hak_thread.heap && hak_thread.heap->owner == word >> 8)
            hak_slab_count_free(hak_slab_of(block));
        /* fallthrough */
    case HAK_POINTER_SLAB:
        free_slab_block(block, word);
        break;
    case HAK_POINTER_SAMPLED:
        free_sampled(block, word);
        break;
    case HAK_POINTER_LARGE:
        hak_large_free(block);
        break;
    case HAK_POINTER_OTHER:
        free_huge(block);
        break;
    }
}

HAK_NOINLINE void hak_slow_free(void *pointer)
{
    if (!pointer)
        return;
    HAK_PROBE1(free, pointer);
    if (!free_own(pointer))
        free_any(pointer);
}
