/* SPDX-License-Identifier: MIT */
/*
 * Threads that allocate, free each other's blocks, end and are adopted, under ThreadSanitizer: on
 * the library's own code under its un-interposed names. A race makes the sanitizer end the program
 * with status 66.
 */
#include "export.h"
#include "support/process.h"
#include "support/promise.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, GENERATIONS = 6, STEPS = 4000, SLOTS = 128 };

struct mallinfo2 hakmem_mallinfo2(void);
int hakmem_malloc_trim(size_t keep);

static _Atomic(unsigned char *) exchange[SLOTS];
static atomic_uint damaged;

static size_t size_of(uint64_t r)
{
    return r % 200 == 0 ? 70000 + r % 3000000 : r % 16 == 0 ? 2000 + r % 30000 : 16 + r % 1000;
}

static unsigned char *fill(uint64_t r)
{
    size_t size = size_of(r);
    unsigned char *p = r % 7 == 0   ? hakmem_calloc(1, size)
                       : r % 7 == 1 ? hakmem_aligned_alloc(256, size)
                                    : hakmem_malloc(size);
    memset(p, (int)(r & 0x7f), 16);
    return p;
}

static void release(unsigned char *p)
{
    if (!p)
        return;
    for (int k = 1; k < 16; k++)
        if (p[k] != p[0])
            atomic_fetch_add(&damaged, 1);
    hakmem_free(p);
}

static void *churn(void *argument)
{
    uint64_t seed = (uintptr_t)argument * 31 + 7;
    unsigned char *own[SLOTS] = {0};
    for (int step = 0; step < STEPS; step++) {
        uint64_t r = random_next(&seed);
        unsigned slot = r % SLOTS;
        if (r >> 20 & 1) {
            release(atomic_exchange(&exchange[slot], fill(r >> 21)));
        } else if (r >> 22 & 1) {
            release(own[slot]);
            own[slot] = fill(r >> 23);
        } else if (own[slot]) {
            own[slot] = hakmem_realloc(own[slot], 16 + (r >> 23) % 5000);
        }
        if (step % 1000 == 500)
            opaque_size(hakmem_mallinfo2().uordblks);
        if (step % 2000 == 700)
            hakmem_malloc_trim(0);
    }
    for (int i = 0; i < SLOTS; i++)
        release(own[i]);
    return NULL;
}

/* Only frees: a thread that never allocated. */
static void *drain(void *unused)
{
    for (int i = 0; i < SLOTS; i++)
        release(atomic_exchange(&exchange[i], NULL));
    return unused;
}

int main(void)
{
    for (uintptr_t generation = 0; generation < GENERATIONS; generation++) {
        pthread_t threads[THREADS + 1];
        for (uintptr_t i = 0; i < THREADS; i++)
            pthread_create(&threads[i], NULL, churn, (void *)(generation * THREADS + i));
        pthread_create(&threads[THREADS], NULL, drain, NULL);
        for (int i = 0; i < THREADS + 1; i++)
            pthread_join(threads[i], NULL);
    }
    drain(NULL);
    promise(damaged == 0, "%d threads in %d generations: %u blocks damaged, no race reported",
            THREADS, GENERATIONS, damaged);
    return promises_end();
}
