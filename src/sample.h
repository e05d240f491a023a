/* SPDX-License-Identifier: MIT */
/*
 * The sampled heap: some of the blocks handed out are noted, with who asked for them, until they
 * come back. A block of s bytes (its class's, or its length where no slab serves it) is one of them
 * with the chance
 *
 *      p = 1 - exp(-s / I),
 *
 * as if points were thrown on a line of all bytes handed out, I apart on the average; each stands
 * for 1 / p blocks. So how many mallocs of a class come before the next sampled one is distributed
 * geometrically, which remembers nothing: every thread counts down for each class by itself, in
 * step with the turns that malloc counts anyway (tally.h). A turn ends before the sampled block at
 * the latest, so that one is always a slow path's, and the fast path knows of nothing.
 *
 * A sampled block of a class lies in a slab of a heap of its own, whose word no thread's key
 * matches: its free is a slow one, and no other free asks. All this stands under one lock.
 *
 * Off, unless the environment variable HAKMEM_HEAP_SAMPLE says how many bytes I is, or
 * HAKMEM_HEAP_DIR where to write samples (sample_file.h), or somebody is attached to the probes of
 * otel_memory (probes/otel_memory_probes.h): then I is HAK_SAMPLE_INTERVAL.
 *
 * I doubles where samples are more often than need be: 256 within 64 ms, if I is the usual one or
 * above. What went before alone decides, and each sample knows its own I, so nothing is biased.
 *
 * realloc: a block of a class that stays where it is remains what it was when born. A large block
 * that changes its length, wherever it then lies, is a new block, sampled or not anew.
 */
#ifndef HAK_SAMPLE_H
#define HAK_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler.h"

enum {
    HAK_SAMPLE_INTERVAL = 512 * 1024, /* bytes: as allocators that sample agree upon */
};

#define HAK_SAMPLE_INTERVAL_MAX ((uint64_t)1 << 40)
#define HAK_SAMPLE_NEVER        (UINT64_MAX / 2) /* mallocs until the next sampled one: off */

struct hak_heap;
struct hak_thread;

/* What I is now; 0: off. */
uint64_t hak_sample_interval(void);

/* Reads the environment, where the program does not run with somebody else's rights. Called when it
 * is there: in the constructor. */
void hak_sample_start(void);

/* Of a heap that a thread gets: draws when its next samples are. */
void hak_sample_begin(struct hak_heap *heap);

/* The same where I has changed since, with the turns that are under way; on slow paths now and
 * then. `under_way`: 1 where a malloc of a slab's may be, which is none of those counted; else 0.
 */
void hak_sample_follow(struct hak_thread *thread, struct hak_heap *heap, unsigned under_way);

/* True where the calling thread's malloc of this class is to be sampled, now. */
bool hak_sample_is_due(size_t size_class);

/* That block, which counts as a malloc of the class and is not handed out yet; NULL: it can't be
 * sampled, and comes from where others come from. */
void *hak_sample_take(size_t size_class, size_t bytes);

/* A block of a sampled slab, whose word is `word` without its flags, comes back; `mark` as of
 * hak_take_back. A block that is free already stops the process. */
void hak_sample_give(void *block, uint64_t word, uint64_t mark);

/* A block of `length` bytes that is no slab's was made, for a request of `bytes`: it may be
 * sampled, which is the answer. */
bool hak_sample_large(void *block, size_t bytes, size_t length);

/* A block that may be sampled and is no slab's is about to be given up: nobody else can have its
 * address yet. */
void hak_sample_end(void *block);

/* Gives what sampled slabs hold unused back to the arena. */
void hak_sample_trim(void);

void hak_sample_lock_for_fork(void);
void hak_sample_unlock_after_fork(void);
/* In the child, which goes on with a file of its own. `heap`: the thread's, or NULL. */
void hak_sample_forked(struct hak_heap *heap);

#endif
