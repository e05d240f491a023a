/* SPDX-License-Identifier: MIT */
/* Where the fast path ends: everything malloc and free do when one step of it does not hold. */
#ifndef HAK_SLOW_PATH_H
#define HAK_SLOW_PATH_H

#include <stddef.h>

#include "block_room.h"
#include "size_class.h"

/* The class that serves a request, HAK_CLASSES where none does. */
static inline size_t hak_aligned_class(size_t bytes, size_t alignment)
{
    return bytes > HAK_SLAB_MAX ? HAK_CLASSES
                                : hak_class_aligned(bytes + HAK_BLOCK_ROOM, alignment);
}

/* Any size; NULL with errno ENOMEM where it can't be had. */
void *hak_slow_malloc(size_t bytes);

/* Any pointer: NULL is fine, a wrong one stops the process. */
void hak_slow_free(void *pointer);

/* A block of this thread's own that was taken back already (see hand_over.h), and for which its
 * cache has no room. */
void hak_slow_put(void *block, size_t size_class);

/* A power of two as alignment; NULL with errno ENOMEM. */
void *hak_aligned_malloc(size_t alignment, size_t bytes);

/* NULL, with errno ENOMEM. */
void *hak_refuse(size_t bytes);

void *hak_calloc(size_t count, size_t bytes);

/* The pointer may be NULL; `bytes` 0 frees. */
void *hak_realloc(void *pointer, size_t bytes);

/* Bytes the program may use; 0 for NULL. A wrong pointer stops the process. */
size_t hak_usable_bytes(const void *pointer);

#endif
