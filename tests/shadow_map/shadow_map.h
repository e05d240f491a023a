/* SPDX-License-Identifier: MIT */
/*
 * The shadow map: every block that the allocator handed out is known here with its size and what
 * was written into it. Operations over the whole API are drawn from bytes (a generator's or a
 * fuzzer's), and each answer is held against the map: no overlap, contents kept, zeroes where
 * promised, alignment as asked. A violation prints one line and aborts.
 */
#ifndef TESTS_SHADOW_MAP_H
#define TESTS_SHADOW_MAP_H

#include <stddef.h>
#include <stdint.h>

/* Where an operation's choices come from: a number of up to 64 bits; `state` is the source's own.
 */
struct choices {
    uint64_t (*next)(struct choices *from);
    uint64_t state;
    const uint8_t *bytes;
    size_t left;
};

struct shadow;

/* A shadow for one thread. Shadows may hand blocks to each other through a shared exchange. */
struct shadow *shadow_create(unsigned number);

/* One operation. */
void shadow_step(struct shadow *s, struct choices *from);

/* Checks every live block, frees it, and gives the shadow's own memory back. */
void shadow_destroy(struct shadow *s);

/* Frees what is left in the exchange; after all threads have ended. */
void shadow_exchange_drain(void);

#endif
