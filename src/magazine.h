/* SPDX-License-Identifier: MIT */
/*
 * Magazines: fixed stacks of block pointers, aligned to their own size. See
 * factors/cache/magazine.h for the picture; whatever a thread's cache is, what passes between it
 * and the depot, and between threads, is a magazine. Slot 0 is the link word, used only while a
 * magazine is not some thread's top:
 *
 *      63      56 55                          10 9        0
 *      +---------+------------------------------+----------+
 *      |  class  | next magazine (1024-aligned) |  count   |
 *      +---------+------------------------------+----------+
 */
#ifndef HAK_MAGAZINE_H
#define HAK_MAGAZINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "size_class.h"

#ifndef HAK_MAGAZINE_BYTES /* hard mode `tiny` makes it 16: one slot */
#    define HAK_MAGAZINE_BYTES 1024
#endif

#define HAK_MAGAZINE_MASK  ((uintptr_t)(HAK_MAGAZINE_BYTES - 1))
#define HAK_MAGAZINE_SLOTS (HAK_MAGAZINE_BYTES / 8 - 1)

struct hak_magazine {
    uint64_t link;
    void *slot[HAK_MAGAZINE_SLOTS]; /* slot[0] is the oldest block */
};

_Static_assert(sizeof(struct hak_magazine) == HAK_MAGAZINE_BYTES,
               "a magazine is its own alignment");

#define HAK_LINK_CLASS_SHIFT 56

static inline uint64_t hak_link(struct hak_magazine *next, size_t size_class, uint32_t count)
{
    return (uint64_t)size_class << HAK_LINK_CLASS_SHIFT | (uintptr_t)next | count;
}

static inline struct hak_magazine *hak_link_next(uint64_t link)
{
    uint64_t address = link & ((UINT64_C(1) << HAK_LINK_CLASS_SHIFT) - 1);
    return (struct hak_magazine *)(uintptr_t)(address & ~(uint64_t)HAK_MAGAZINE_MASK);
}

static inline uint32_t hak_link_count(uint64_t link)
{
    return (uint32_t)(link & HAK_MAGAZINE_MASK);
}

static inline size_t hak_link_class(uint64_t link)
{
    return (size_t)(link >> HAK_LINK_CLASS_SHIFT);
}

/* Blocks that a magazine of the class takes. Where blocks are big it is full before its end, at the
 * next power of two of slots, so that "full" and "empty" are an aligned top there as well. */
static inline uint32_t hak_magazine_slots(size_t size_class)
{
    return hak_class_slots(size_class, HAK_MAGAZINE_SLOTS);
}

/* Bits of a top that are 0 where the class's magazine is empty, and where one more is too many. */
static inline uint32_t hak_magazine_mask(size_t size_class)
{
    return (hak_magazine_slots(size_class) + 1) * (uint32_t)sizeof(void *) - 1;
}

/* From a thread's top to its magazine and how many blocks are in it, and back. */
static inline struct hak_magazine *hak_top_magazine(uintptr_t top)
{
    return (struct hak_magazine *)(top & ~HAK_MAGAZINE_MASK);
}

static inline uint32_t hak_top_count(uintptr_t top)
{
    return (uint32_t)((top & HAK_MAGAZINE_MASK) / sizeof(void *));
}

static inline uintptr_t hak_magazine_top(struct hak_magazine *magazine, uint32_t count)
{
    return (uintptr_t)magazine + count * sizeof(void *);
}

static inline bool hak_magazine_holds(const struct hak_magazine *magazine, uint32_t count,
                                      const void *block)
{
    for (uint32_t i = 0; i < count; i++) {
        if (magazine->slot[i] == block)
            return true;
    }
    return false;
}

/* One of ours, or NULL: a link that was written over leads elsewhere. */
static inline bool hak_is_magazine(const struct hak_magazine *magazine)
{
    uintptr_t unit = ((uintptr_t)magazine - hak_arena.base) >> HAK_SLAB_SHIFT;
    return !magazine ||
           (unit < __atomic_load_n(&hak_arena_units, __ATOMIC_RELAXED) &&
            __atomic_load_n(&hak_arena.words[unit], __ATOMIC_RELAXED) == HAK_WORD_INTERNAL);
}

/* What is true of the link word of every magazine in a list, full or empty. */
static inline bool hak_magazine_is_sound(const struct hak_magazine *magazine)
{
    uint64_t link = magazine->link;
    return hak_link_class(link) < HAK_CLASSES &&
           hak_link_count(link) <= hak_magazine_slots(hak_link_class(link)) &&
           hak_is_magazine(hak_link_next(link));
}

struct hak_heap;

/* Gives a heap without an empty magazine some, from the shared pool or from a new chunk; false: no
 * memory. And takes a batch of one that has too many. See depot.h. */
bool hak_magazine_stock(struct hak_heap *heap);
void hak_magazine_share(struct hak_heap *heap);

/* For forks: the pool's lock. */
void hak_magazine_lock_for_fork(void);
void hak_magazine_unlock_after_fork(void);

#endif
