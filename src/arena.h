/* SPDX-License-Identifier: MIT */
/*
 * The arena: one range of addresses reserved at start, handed out in spans of 64 KiB units. A span
 * is a slab, a large block, or a chunk of magazines. Around it stand dense tables with one entry a
 * unit:
 *
 *      reserved, committed in steps as `top` moves up
 *      +-------+---------+------+-------+--------------------------------------------+
 *      | words | records | bits | heaps | unit 0 | unit 1 | ...                      |
 *      +-------+---------+------+-------+--------------------------------------------+
 *
 * Free spans are kept by length in segregated lists with a bitmap over them, and merged with their
 * free neighbours through the records of their first and last units (boundary tags). Spans that
 * hold memory ("dirty") also stand in a list by the time they became free and are purged when they
 * are old.
 */
#ifndef HAK_ARENA_H
#define HAK_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler.h"
#include "counter_layout.h"
#include "measures.h"
#include "size_class.h"

#include HAK_SEAL

enum { HAK_SLAB_BITS = HAK_SLAB_BYTES / HAK_GRAIN };

#define HAK_NO_UNIT UINT32_MAX

/* A superslab, where the metadata factor has any: 2 MiB of addresses. */
enum { HAK_SUPERSLAB_UNITS = 32 };

/* How many of them so many units reach into. */
static inline size_t hak_superslabs_of(size_t units)
{
    return (units + HAK_SUPERSLAB_UNITS - 1) / HAK_SUPERSLAB_UNITS;
}

/* Low byte of a unit's word; below HAK_CLASSES it is a slab of that class. Word 0: not the first
 * unit of anything in use. */
enum {
    HAK_WORD_LARGE = HAK_CLASS_LARGE,
    HAK_WORD_INTERNAL = HAK_CLASS_INTERNAL,
    HAK_WORD_SAMPLED = 64, /* or'ed to a slab's: its blocks are sampled, see sample.h */
    HAK_WORD_PURGED = 128, /* or'ed to a slab's: marks of its free blocks went with their pages */
    HAK_WORD_FLAGS = HAK_WORD_SAMPLED | HAK_WORD_PURGED,
};

/* Written by the thread that has the heap `owner`; `owner` and `size_class` are fixed for a slab's
 * life. */
struct hak_slab {
    uint32_t next,
        previous; /* units, in the heap's list of slabs with blocks to give; HAK_NO_UNIT ends */
    uint16_t capacity; /* blocks */
    uint16_t carved;   /* blocks handed out at least once; only grows */
    uint16_t back;     /* blocks that came back: bits set */
    uint16_t first;    /* the freelist factor's: where its search begins */
    uint8_t size_class;
    bool listed;           /* stands in the list */
    uint8_t rest;          /* enum hak_slab_rest */
    bool unmarked;         /* its word has HAK_WORD_PURGED */
    uint8_t frees;         /* of its blocks while it was, by the owner */
    uint16_t purged_pages; /* given back to the kernel and not handed out since, one bit each */
};

/* One unit's record. All fields but `slab` are written under the arena's lock. */
struct hak_unit {
    uint32_t units;          /* length of the span that starts or ends here */
    uint8_t state;           /* enum hak_unit_state */
    bool dirty;              /* free span: may hold memory and old contents */
    bool guarded;            /* span in use: see factors/guard; written by its owner */
    bool sampled;            /* large block: see sample.h; written by its owner */
    uint32_t next, previous; /* free span: list of its length */
    uint32_t newer, older;   /* dirty free span: list by time */
    uint32_t freed_at;       /* dirty free span: hak_os_milliseconds */
    union {
        struct hak_slab slab;
        size_t bytes; /* large block: what of the span its program may use; written by its owner */
    };
} __attribute__((aligned(64)));

_Static_assert(sizeof(struct hak_unit) == 64, "one cache line a unit");
_Static_assert(offsetof(struct hak_unit, units) == offsetof(struct hak_unit_head, units) &&
                   offsetof(struct hak_unit, state) == offsetof(struct hak_unit_head, state) &&
                   HAK_UNIT_BYTES == HAK_SLAB_BYTES,
               "as counter_layout.h tells others");

/* Fixed once reserved. */
struct hak_arena {
    uintptr_t base;     /* address of unit 0 */
    uintptr_t reserved; /* units; 0: nothing reserved yet. All their words can be read */
    uint32_t *words;    /* owner << 8 | class of each unit; see the metadata factor */
    struct hak_unit *records;
    uint64_t *bits;        /* HAK_SLAB_BITS a unit */
    uint8_t *states;       /* see the check factor */
    void *superslab_index; /* see the metadata factor */
    void *superslabs;
    char *heaps; /* committed by heap.c */
    uint32_t heap_capacity;
} HAK_SEAL_ALIGNED;

extern HAK_HIDDEN struct hak_arena hak_arena;

/* Units committed, with their table entries. Grows under the lock: whoever holds a block sees a
 * value above its unit. */
extern HAK_HIDDEN uintptr_t hak_arena_units;

/* Reserves the range: 1 TiB, or half and half again of what the limits allow. `heap_bytes`: room
 * for each heap. False: no room for anything, now; it may be called again then. */
bool hak_arena_reserve(size_t heap_bytes);

/* Takes a span; its first unit's word becomes `word`. `alignment` in units, a power of two. `zero`,
 * if not NULL: whether the memory is known to be zero. HAK_NO_UNIT: no room. */
uint32_t hak_arena_take(size_t units, size_t alignment, uint32_t word, bool *zero);

/* The same for a slab or magazines: one unit, and a guard behind it where guards are to be had. */
uint32_t hak_arena_take_unit(uint32_t word, bool *zero);

/* What the span holds is nobody's from now on, and with some measures of hardening gone at once. */
void hak_arena_give(uint32_t unit);

/* Of a span that is known to be all zero, and to hold no memory. */
void hak_arena_give_zero(uint32_t unit);

/* Changes a span's length where it stands. False: what follows is not free. Shrinking never fails.
 */
bool hak_arena_resize(uint32_t unit, size_t units);

/* Purges dirty free spans: the old ones, or all. Returns bytes given back to the kernel. */
size_t hak_arena_purge(bool all);

void hak_arena_lock_for_fork(void);
void hak_arena_unlock_after_fork(void);

/* Units below this have their records, for who holds neither the lock nor a block of theirs. */
static inline uintptr_t hak_arena_committed(void)
{
    return __atomic_load_n(&hak_arena_units, __ATOMIC_ACQUIRE);
}

static inline void *hak_unit_address(uint32_t unit)
{
    return (void *)(hak_arena.base + ((uintptr_t)unit << HAK_SLAB_SHIFT));
}

static inline uint32_t hak_unit_of(const void *pointer)
{
    return (uint32_t)(((uintptr_t)pointer - hak_arena.base) >> HAK_SLAB_SHIFT);
}

#endif
