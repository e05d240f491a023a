/* SPDX-License-Identifier: MIT */
#include "slow_path.h"

#include <errno.h>
#include <string.h>

#include "counters.h"
#include "fast_path.h"
#include "heap.h"
#include "huge.h"
#include "large.h"
#include "misuse.h"
#include "refill.h"
#include "slab_purge.h"
#include "remote.h"
#include "tally.h"
#include "upkeep.h"

/* What a pointer the program gave us is. */
enum pointer_kind { POINTER_SLAB, POINTER_PURGED_SLAB, POINTER_LARGE, POINTER_OTHER };

static enum pointer_kind kind_of(const void *block, uint64_t *word)
{
    if (!metadata_find(block, word))
        return POINTER_OTHER;
    uint64_t plain = *word & ~(uint64_t)HAK_WORD_PURGED;
    bool purged = plain != *word;
    *word = plain;
    if (plain >> 8 != 0 &&
        hak_is_block_start(plain & 0xff, (uint32_t)((uintptr_t)block % HAK_SLAB_BYTES))) {
        if (purged && hak_slab_is_free(block))
            hak_misuse_stop(HAK_MISUSE_DOUBLE_FREE, block);
        return purged ? POINTER_PURGED_SLAB : POINTER_SLAB;
    }
    if (*word == HAK_WORD_LARGE && (uintptr_t)block % HAK_SLAB_BYTES == 0)
        return POINTER_LARGE;
    hak_misuse_stop_wild(block);
}

static void *refuse(size_t bytes)
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
    if (thread->turn[size_class] <= 1)
        hak_upkeep_turn(thread, thread->heap, size_class);
    if (cache_is_empty(thread, size_class) && !hak_refill(size_class))
        return NULL;
    if (thread->turn[size_class] == 1) /* the refill was an occasion to begin all turns anew */
        hak_tally_grant(thread, thread->heap, size_class, 2);
    void *block = cache_pop(thread, size_class);
    thread->turn[size_class]--;
    hak_tally(thread, thread->heap, size_class);
    return block;
}

/* A block of the class, from wherever this thread may take one. */
static void *take_block(size_t size_class)
{
    struct hak_thread *thread = &hak_thread;
    void *block;
    if (!hak_heap_attach()) {
        block = hak_shared_malloc(size_class);
    } else {
        block = take_cached(thread, size_class);
    }
    if (block)
        check_on_malloc(block);
    return block;
}

static void *take_large(size_t bytes, size_t alignment, bool *zero)
{
    hak_heap_attach();
    void *block = hak_large_malloc(bytes, alignment, zero);
    /* What this thread keeps in its caches may be what is missing, unless the request is absurd. */
    if (!block && hak_thread.heap && bytes >> HAK_SLAB_SHIFT < hak_arena.units) {
        hak_heap_trim();
        block = hak_large_malloc(bytes, alignment, zero);
    }
    return block;
}

HAK_NOINLINE void *hak_slow_malloc(size_t bytes)
{
    size_t size_class;
    void *block, *pointer;
    if (classify_size(bytes, &size_class)) {
        block = take_block(size_class);
        pointer = block ? header_write(block, size_class) : NULL;
    } else {
        pointer = take_large(bytes, 1, NULL);
    }
    if (!pointer)
        return refuse(bytes);
    HAK_PROBE2(malloc, pointer, bytes);
    return pointer;
}

void *hak_aligned_malloc(size_t alignment, size_t bytes)
{
    size_t size_class = hak_class_aligned(bytes, alignment);
    void *block =
        size_class < HAK_CLASSES ? take_block(size_class) : take_large(bytes, alignment, NULL);
    if (!block)
        return refuse(bytes);
    void *pointer = size_class < HAK_CLASSES ? header_write(block, size_class) : block;
    HAK_PROBE2(malloc, pointer, bytes);
    return pointer;
}

void *hak_calloc(size_t count, size_t bytes)
{
    size_t total;
    bool zero = false;
    if (__builtin_mul_overflow(count, bytes, &total))
        return refuse(SIZE_MAX);
    if (total <= HAK_SLAB_MAX) {
        void *pointer = hak_fast_malloc(total);
        return pointer ? memset(pointer, 0, total) : NULL;
    }
    void *block = take_large(total, 1, &zero);
    if (!block)
        return refuse(total);
    HAK_PROBE2(malloc, block, total);
    return zero ? block : memset(block, 0, total);
}

/* The thread owns the slab; its class may be too big for the fast path, or its magazine full. */
static void free_local(struct hak_thread *thread, void *block, size_t size_class)
{
    uint32_t limit = hak_class_limit(size_class, HAK_MAGAZINE_SLOTS);
    if (cache_count(thread, size_class) >= limit || !cache_push(thread, size_class, block))
        hak_overflow(size_class, block);
}

static void free_slab_block(void *block, uint64_t word)
{
    struct hak_thread *thread = &hak_thread;
    uint64_t mark = check_mark(block);
    if (!check_before_free(block, word & 0xff, mark))
        hak_misuse_check_block(block, word);
    bool attached = hak_heap_attach();
    check_on_free(block, mark);
    if (!attached) {
        hak_shared_free(block, word);
    } else if ((word ^ thread->key) < HAK_CLASSES) {
        free_local(thread, block, word & 0xff);
    } else {
        thread->counters->frees[word & 0xff]++;
        hak_remote_free(thread->heap, block, word);
    }
}

static void free_huge(void *pointer)
{
    size_t bytes = hak_huge_free(pointer);
    if (bytes == 0)
        hak_misuse_stop_wild(pointer);
    HAK_PROBE2(large_free, (uintptr_t)pointer, bytes);
    hak_count_free(HAK_CLASS_HUGE);
    hak_count_add(HAK_COUNT_large_bytes_freed, bytes);
}

HAK_NOINLINE void hak_slow_free(void *pointer)
{
    uint64_t word;
    if (!pointer)
        return;
    HAK_PROBE1(free, pointer);
    void *block = header_block(pointer);
    switch (kind_of(block, &word)) {
    case POINTER_PURGED_SLAB:
        if (hak_thread.heap && hak_thread.heap->owner == word >> 8)
            hak_slab_count_free(hak_slab_of(block));
        /* fallthrough */
    case POINTER_SLAB:
        free_slab_block(block, word);
        break;
    case POINTER_LARGE:
        hak_large_free(block);
        break;
    case POINTER_OTHER:
        free_huge(pointer);
        break;
    }
}

/* Bytes from the block's start, and what it is. A wrong pointer, also a free block's, stops the
 * process. */
static size_t block_bytes(const void *block, enum pointer_kind *kind)
{
    uint64_t word;
    size_t bytes;
    *kind = kind_of(block, &word);
    hak_count(HAK_COUNT_lookups);
    switch (*kind) {
    case POINTER_PURGED_SLAB:
        *kind = POINTER_SLAB;
        /* fallthrough */
    case POINTER_SLAB:
        if (!check_before_free(block, word & 0xff, check_mark(block)))
            hak_misuse_check_block(block, word);
        return hak_class_bytes[word & 0xff];
    case POINTER_LARGE:
        return hak_large_bytes(block);
    case POINTER_OTHER:
        break;
    }
    bytes = hak_huge_bytes(block);
    if (bytes == 0)
        hak_misuse_stop_wild(block);
    return bytes;
}

size_t hak_usable_bytes(const void *pointer)
{
    enum pointer_kind kind;
    if (!pointer)
        return 0;
    hak_count(HAK_COUNT_usable_size);
    size_t bytes = block_bytes(header_block((void *)(uintptr_t)pointer), &kind);
    return kind == POINTER_SLAB ? bytes - HAK_HEADER_BYTES : bytes;
}

static void *move_block(void *pointer, size_t old_bytes, size_t bytes)
{
    void *moved = hak_fast_malloc(bytes);
    if (!moved)
        return NULL;
    memcpy(moved, pointer, old_bytes < bytes ? old_bytes : bytes);
    hak_fast_free(pointer);
    hak_count(HAK_COUNT_realloc_moved);
    return moved;
}

static void *resize_huge(void *pointer, size_t old_bytes, size_t bytes)
{
    void *moved = hak_huge_realloc(pointer, bytes);
    if (!moved)
        return refuse(bytes);
    size_t now = hak_huge_bytes(moved);
    hak_count_add(now > old_bytes ? HAK_COUNT_large_bytes_allocated : HAK_COUNT_large_bytes_freed,
                  now > old_bytes ? now - old_bytes : old_bytes - now);
    hak_count(HAK_COUNT_realloc_in_place);
    return moved;
}

static void *resize(void *pointer, size_t bytes)
{
    enum pointer_kind kind;
    size_t old = block_bytes(header_block(pointer), &kind);
    /* Shrunk by less than half, a block stays where it is: glibc's programs rely on it being cheap.
     */
    if (kind == POINTER_SLAB) {
        old -= HAK_HEADER_BYTES;
        if (bytes > old || bytes < old / 2)
            return move_block(pointer, old, bytes);
        hak_count(HAK_COUNT_realloc_in_place);
        return pointer;
    }
    if (bytes <= HAK_SLAB_MAX)
        return move_block(pointer, old, bytes);
    if (kind == POINTER_OTHER)
        return resize_huge(pointer, old, bytes);
    void *moved = hak_large_realloc(pointer, bytes);
    return moved ? moved : refuse(bytes);
}

void *hak_realloc(void *pointer, size_t bytes)
{
    if (!pointer)
        return hak_fast_malloc(bytes);
    if (bytes == 0) {
        hak_fast_free(pointer);
        return NULL;
    }
    hak_count(HAK_COUNT_realloc);
    void *result = resize(pointer, bytes);
    HAK_PROBE3(realloc, pointer, result, bytes);
    return result;
}
