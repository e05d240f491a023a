/* SPDX-License-Identifier: MIT */
/*
 * Threads that allocate, free each other's blocks, end and are adopted, under ThreadSanitizer: on
 * the library's own code under its un-interposed names. Meanwhile one reads the statistics, one
 * gives back what is unused, threads whose heap is gone use the shared one, and the main thread
 * forks. A race makes the sanitizer end the program with status 66; in a child of several threads
 * it looks for none.
 */
#include "export.h"
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 4, GENERATIONS = 6, STEPS = 4000, SLOTS = 128, FORKS = 4, CHILD_SECONDS = 20 };

struct mallinfo2 hakmem_mallinfo2(void);
int hakmem_malloc_trim(size_t keep);

static _Atomic(unsigned char *) exchange[SLOTS];
static atomic_uint damaged;
static atomic_bool stop;
static pthread_key_t key;

/* Read by the sanitizer before main: by default it ends such a child that makes a thread. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "die_after_fork=0";
}

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
    pthread_setspecific(key, fill(seed | 1));
    return NULL;
}

/* Armed again until the thread's heap has been left behind; the last round is after the sanitizer's
 * own end of the thread. */
static void destroy(void *block)
{
    static __thread int rounds;
    release(block);
    for (uint64_t i = 0; i < SLOTS; i++)
        release(atomic_exchange(&exchange[i], fill(i + 17)));
    if (++rounds < PTHREAD_DESTRUCTOR_ITERATIONS - 1)
        pthread_setspecific(key, fill(18));
}

static void *read_statistics(void *unused)
{
    while (!atomic_load(&stop))
        opaque_size(hakmem_mallinfo2().uordblks);
    return unused;
}

static void *trim(void *unused)
{
    while (!atomic_load(&stop)) {
        hakmem_malloc_trim(0);
        usleep(1000);
    }
    return unused;
}

static void in_child(void)
{
    unsigned char *blocks[SLOTS];
    for (int i = 0; i < SLOTS; i++)
        blocks[i] = fill((uint64_t)i + 1);
    for (int i = 0; i < SLOTS; i++) {
        release(blocks[i]);
        release(atomic_exchange(&exchange[i], NULL));
    }
}

static unsigned forks(void)
{
    unsigned clean = 0;
    for (int i = 0; i < FORKS; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            alarm(CHILD_SECONDS);
            in_child();
            _exit(damaged != 0);
        }
        clean += child_wait_clean(pid, CHILD_SECONDS);
    }
    return clean;
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
    unsigned clean = 0;
    pthread_t reader, trimmer;
    pthread_key_create(&key, destroy);
    pthread_create(&reader, NULL, read_statistics, NULL);
    pthread_create(&trimmer, NULL, trim, NULL);
    for (uintptr_t generation = 0; generation < GENERATIONS; generation++) {
        pthread_t threads[THREADS + 1];
        for (uintptr_t i = 0; i < THREADS; i++)
            pthread_create(&threads[i], NULL, churn, (void *)(generation * THREADS + i));
        pthread_create(&threads[THREADS], NULL, drain, NULL);
        clean += forks();
        for (int i = 0; i < THREADS + 1; i++)
            pthread_join(threads[i], NULL);
    }
    atomic_store(&stop, true);
    pthread_join(reader, NULL);
    pthread_join(trimmer, NULL);
    drain(NULL);
    promise(damaged == 0, "%d threads in %d generations: %u blocks damaged, no race reported",
            THREADS, GENERATIONS, damaged);
    promise(clean == FORKS * GENERATIONS, "%u of %d children meanwhile ended clean", clean,
            FORKS * GENERATIONS);
    return promises_end();
}
