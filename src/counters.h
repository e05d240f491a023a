/* SPDX-License-Identifier: MIT */
/* The allocator's side of the counters: where they live and how they are incremented. */
#ifndef HAK_COUNTERS_H
#define HAK_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "thread.h"

enum {
    HAK_COUNTER_PAGES = 2046, /* heaps with a page of their own; later ones share the last */
    HAK_COUNTER_PUBLISHED_PAGES = 254, /* of these, in the file where there is one */
};

/* The region's header; never NULL: a static region serves until hak_counters_start. */
extern HAK_HIDDEN struct hak_counter_header *hak_counters;

/* Makes the region, where there is none yet and memory for it. Called before any heap exists. */
void hak_counters_start(void);

/* Moves the region into a file of the folder HAKMEM_COUNTERS_DIR, if that is set and the program
 * does not run with somebody else's rights. Called when the environment is there: in the
 * constructor. */
void hak_counters_publish(void);

/* Forked child: where the parent counts into a file, start from zero in another; otherwise go on.
 * `pending`: mallocs and frees that no page has yet. */
void hak_counters_forked(const struct hak_counter_page *pending);

/* The page of heap number `owner`; the first one, the shared heap's, also counts for threads
 * without. */
struct hak_counter_page *hak_counters_page(uint32_t owner);

/* Sum of all pages, with what a forked child inherited; safe at any time, a little behind for
 * running threads. */
void hak_counters_sum(struct hak_counter_page *sum);

/* The gauges of the header as they are now; the header's other fields are left out. */
struct hak_counter_header hak_counters_gauges(void);

/* Counts an event on a slow path; without a heap, on the shared page. */
void hak_count_add(enum hak_counter counter, uint64_t amount);

/* Counts a block handed out or taken back on a slow path. */
void hak_count_malloc(size_t size_class);
void hak_count_free(size_t size_class);

/* The one gauge that stands under two locks: tables grow under the arena's, heaps under theirs. */
static inline void hak_count_metadata(uint64_t bytes)
{
    __atomic_fetch_add(&hak_counters->metadata_bytes, bytes, __ATOMIC_RELAXED);
}

static inline void hak_count(enum hak_counter counter)
{
    hak_count_add(counter, 1);
}

/* The same where every call of the program counts: a plain increment, as malloc's; a thread without
 * a heap counts under the shared heap's name. */
static inline void hak_count_call(enum hak_counter counter)
{
    if (HAK_LIKELY(hak_thread.counters != NULL))
        hak_thread.counters->count[counter]++;
    else
        hak_count(counter);
}

#endif
