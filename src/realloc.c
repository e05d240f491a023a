/* SPDX-License-Identifier: MIT */
/* How long a block is, and how it becomes shorter or longer. */
#include <string.h>

#include "counters.h"
#include "fast_path.h"
#include "hand_over.h"
#include "huge.h"
#include "large.h"
#include "misuse.h"
#include "pointer_kind.h"
#include "sample.h"
#include "slow_path.h"

/* Bytes from the block's start, and what it is. A wrong pointer, also a free block's, stops the
 * process. */
static inline size_t block_bytes(const void *block, enum hak_pointer_kind *kind)
{
    uint64_t word = 0;
    size_t bytes;
    *kind = hak_pointer_kind(block, &word);
    hak_count_call(HAK_COUNT_lookups);
    switch (*kind) {
    case HAK_POINTER_PURGED_SLAB:
    case HAK_POINTER_SAMPLED:
        *kind = HAK_POINTER_SLAB;
        /* fallthrough */
    case HAK_POINTER_SLAB:
        if (check_is_marked(block, check_mark(block)))
            hak_misuse_check_block(block, word);
        hak_check_canary(block, word & 0xff);
        return hak_class_bytes[word & 0xff];
    case HAK_POINTER_LARGE:
        return hak_large_bytes(block);
    case HAK_POINTER_OTHER:
        break;
    }
    bytes = hak_huge_bytes(block);
    if (bytes == 0)
        hak_misuse_stop_wild(block);
    return bytes;
}

size_t hak_usable_bytes(const void *pointer)
{
    enum hak_pointer_kind kind;
    if (!pointer)
        return 0;
    hak_count_call(HAK_COUNT_usable_size);
    size_t bytes = block_bytes(pointer, &kind);
    return kind == HAK_POINTER_SLAB ? bytes - HAK_BLOCK_ROOM : bytes;
}

/* Where there is no memory for another block, a long one will do for a short one. */
static void *move_block(void *pointer, size_t old_bytes, size_t bytes)
{
    void *moved = hak_fast_malloc(bytes);
    if (!moved && bytes > old_bytes)
        return NULL;
    if (!moved) {
        hak_count_call(HAK_COUNT_realloc_in_place);
        return pointer;
    }
    memcpy(moved, pointer, old_bytes < bytes ? old_bytes : bytes);
    hak_fast_free(pointer);
    hak_count_call(HAK_COUNT_realloc_moved);
    return moved;
}

static void *resize_huge(void *pointer, size_t old_bytes, size_t bytes)
{
    hak_sample_end(pointer); /* before another thread may have its address */
    void *moved = hak_huge_realloc(pointer, bytes);
    hak_sample_large(moved ? moved : pointer, moved ? bytes : old_bytes,
                     moved ? hak_huge_bytes(moved) : old_bytes);
    if (!moved) /* the program may have split the mapping by some advice: that can't be moved */
        return move_block(pointer, old_bytes, bytes);
    size_t now = hak_huge_bytes(moved);
    hak_count_add(now > old_bytes ? HAK_COUNT_large_bytes_allocated : HAK_COUNT_large_bytes_freed,
                  now > old_bytes ? now - old_bytes : old_bytes - now);
    hak_count(HAK_COUNT_realloc_in_place);
    return moved;
}

/* True also where it would be a large block. */
static bool changes_class(size_t old_bytes, size_t bytes)
{
    size_t old_class = HAK_CLASSES, new_class = HAK_CLASSES;
    return !classify_size(old_bytes, &old_class) || !classify_size(bytes, &new_class) ||
           old_class != new_class;
}

/* Shrunk by less than half, a block stays where it is: glibc's programs rely on it being cheap. */
static inline void *resize_slab_block(void *pointer, size_t old_bytes, size_t bytes)
{
    if (bytes > old_bytes || bytes < old_bytes / 2 ||
        (HAK_SIZED_EXACT && changes_class(old_bytes, bytes)))
        return move_block(pointer, old_bytes, bytes);
    hak_count_call(HAK_COUNT_realloc_in_place);
    return pointer;
}

static void *resize(void *pointer, size_t bytes)
{
    enum hak_pointer_kind kind;
    size_t old = block_bytes(pointer, &kind);
    if (kind == HAK_POINTER_SLAB)
        return resize_slab_block(pointer, old - HAK_BLOCK_ROOM, bytes);
    if (bytes <= HAK_SLAB_MAX - HAK_BLOCK_ROOM)
        return move_block(pointer, old, bytes);
    if (kind == HAK_POINTER_OTHER)
        return resize_huge(pointer, old, bytes);
    void *moved = hak_large_realloc(pointer, bytes);
    return moved ? moved : hak_refuse(bytes);
}

void *hak_realloc(void *pointer, size_t bytes)
{
    if (!pointer)
        return hak_fast_malloc(bytes);
    if (bytes == 0) {
        hak_fast_free(pointer);
        return NULL;
    }
    hak_count_call(HAK_COUNT_realloc);
    void *result = resize(pointer, bytes);
    HAK_PROBE3(realloc, pointer, result, bytes);
    return result;
}
