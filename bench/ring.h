/* SPDX-License-Identifier: MIT */
/* A bounded queue of blocks from one thread to one other. Each side remembers what it last saw of
 * the other's position, so that most calls touch only the side's own lines. */
#ifndef BENCH_RING_H
#define BENCH_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_SLOTS 256

struct ring {
    _Alignas(128) _Atomic uint64_t put;   /* the sender's: blocks put in so far */
    uint64_t taken_seen;                  /* the sender's: what it last read of `taken` */
    _Alignas(128) _Atomic uint64_t taken; /* the receiver's: blocks taken out so far */
    uint64_t put_seen;                    /* the receiver's */
    _Alignas(128) void *blocks[RING_SLOTS];
};

/* False: full. */
static inline bool ring_put(struct ring *ring, void *block)
{
    uint64_t put = atomic_load_explicit(&ring->put, memory_order_relaxed);
    if (put - ring->taken_seen == RING_SLOTS) {
        ring->taken_seen = atomic_load_explicit(&ring->taken, memory_order_acquire);
        if (put - ring->taken_seen == RING_SLOTS)
            return false;
    }
    ring->blocks[put % RING_SLOTS] = block;
    atomic_store_explicit(&ring->put, put + 1, memory_order_release);
    return true;
}

/* NULL: empty. */
static inline void *ring_take(struct ring *ring)
{
    uint64_t taken = atomic_load_explicit(&ring->taken, memory_order_relaxed);
    if (taken == ring->put_seen) {
        ring->put_seen = atomic_load_explicit(&ring->put, memory_order_acquire);
        if (taken == ring->put_seen)
            return NULL;
    }
    void *block = ring->blocks[taken % RING_SLOTS];
    atomic_store_explicit(&ring->taken, taken + 1, memory_order_release);
    return block;
}

#endif
