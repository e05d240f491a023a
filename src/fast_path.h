/* SPDX-License-Identifier: MIT */
/*
 * The fast path, whole: what malloc, free and the C++ operators inline. Each step is a factor; what
 * a step can't do goes to the slow function, which starts again from the beginning.
 */
#ifndef HAK_FAST_PATH_H
#define HAK_FAST_PATH_H

#include "factors.h"
#include "hakmem_probes.h"
#include "hand_over.h"
#include "remote.h"
#include "slow_path.h"
#include "thread.h"

/* A block of the class; NULL: not this way. */
static inline void *hak_fast_take(size_t size_class)
{
    struct hak_thread *thread = &hak_thread;
    if (HAK_UNLIKELY(cache_is_empty(thread, size_class)))
        return NULL;
    /* Counts, and calls for upkeep: tally.h. */
    if (HAK_UNLIKELY(--hak_front(thread, size_class)->turn == 0))
        return NULL;
    void *block = slots_pop(thread, size_class);
    return header_write(hak_hand_out(block, size_class), size_class);
}

static inline void *hak_take_from_slabs(size_t size_class, size_t bytes)
{
    void *pointer = hak_fast_take(size_class);
    if (HAK_UNLIKELY(!pointer))
        return hak_slow_malloc(bytes);
    HAK_PROBE2(malloc, pointer, bytes);
    return pointer;
}

static inline void *hak_fast_malloc(size_t bytes)
{
    size_t size_class;
    if (HAK_UNLIKELY(!classify_size(bytes, &size_class)))
        return hak_slow_malloc(bytes);
    if (HAK_CLASSIFY_ROUTED)
        return classify_malloc_route(size_class)(size_class, bytes);
    return hak_take_from_slabs(size_class, bytes);
}

static inline void hak_give_to_slabs(void *block, size_t size_class)
{
    struct hak_thread *thread = &hak_thread;
    uint64_t mark = check_mark(block);
    if (HAK_UNLIKELY(!check_before_free(thread, block, size_class, mark) ||
                     !canary_is_whole(block, size_class)))
        return hak_slow_free(block);
    if (HAK_TAKE_BACK_FIRST) {
        hak_take_back(block, size_class, mark);
        HAK_PROBE1(free, block);
        if (HAK_UNLIKELY(!quarantine_push(thread, size_class, block)))
            hak_slow_put(block, size_class);
        return;
    }
    if (HAK_UNLIKELY(!quarantine_push(thread, size_class, block)))
        return hak_slow_free(block);
    HAK_PROBE1(free, block);
    hak_take_back(block, size_class, mark);
}

static inline void hak_fast_free(void *pointer)
{
    uint64_t word;
    if (HAK_UNLIKELY(!metadata_find(pointer, &word)))
        return hak_slow_free(pointer);
    uint64_t size_class =
        word ^ hak_thread.key; /* the class, if the slab is this thread's: owners cancel out */
    if (HAK_UNLIKELY(size_class >= HAK_CLASSES))
        return hak_remote_fast_free(pointer, size_class);
    if (HAK_UNLIKELY(!header_read(pointer, &size_class)))
        return hak_slow_free(pointer);
    if (HAK_CLASSIFY_ROUTED)
        classify_free_route(size_class)(pointer, size_class);
    else
        hak_give_to_slabs(pointer, size_class);
}

#endif
