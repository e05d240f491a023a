/* SPDX-License-Identifier: MIT */
/*
 * More threads at once than the file of counters has pages: what they hold is counted all the same.
 * The counters must go to a file (HAKMEM_COUNTERS_DIR), which ends where a page of memory does.
 */
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

#include "support/process.h"
#include "support/promise.h"

enum { THREADS = 300, BLOCKS = 40, SIZE = 1000 };

static pthread_barrier_t all_hold, all_may_end;
static size_t usable;

static void *hold(void *unused)
{
    void *blocks[BLOCKS];
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = opaque(malloc(SIZE));
    __atomic_fetch_add(&usable, BLOCKS * malloc_usable_size(blocks[0]), __ATOMIC_RELAXED);
    pthread_barrier_wait(&all_hold);
    pthread_barrier_wait(&all_may_end);
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    return unused;
}

int main(void)
{
    static pthread_t threads[THREADS];
    pthread_attr_t small;
    under_hakmem();
    pthread_barrier_init(&all_hold, NULL, THREADS + 1);
    pthread_barrier_init(&all_may_end, NULL, THREADS + 1);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 128 * 1024);
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], &small, hold, NULL) != 0)
            return TEST_SKIPPED;
    size_t before = mallinfo2().uordblks;
    pthread_barrier_wait(&all_hold);
    size_t held = mallinfo2().uordblks;
    /* The threads may have begun when it was read first. */
    promise(held >= usable && held - usable <= before, "%d threads hold %zu bytes, counted %zu",
            THREADS, usable, held);
    pthread_barrier_wait(&all_may_end);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    size_t after = mallinfo2().uordblks;
    promise(after <= before, "when they have ended, %zu bytes (before: %zu)", after, before);
    return promises_end();
}
