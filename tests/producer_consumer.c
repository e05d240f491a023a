/* SPDX-License-Identifier: MIT */
/*
 * One thread allocates, another frees, for a long time: resident memory does not drift. Contents
 * are checked on the way.
 *
 *     producer_consumer [seconds] [pairs] [lost]
 *
 * lost: of so many blocks one is never freed, and the drift must be seen.
 */
#include "support/process.h"
#include "support/promise.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    QUEUE = 4096,
    PAIRS_MAX = 16,
    SAMPLES = 200,
    GRAIN_KB = 2048,    /* how full queues and pools are is chance, */
    LONG_SECONDS = 600, /* which the medians of a long run are free of */
};

struct queue {
    _Alignas(64) atomic_ulong written;
    _Alignas(64) atomic_ulong read;
    unsigned char *blocks[QUEUE];
};

static struct queue queues[PAIRS_MAX];
static atomic_bool stop;
static atomic_ulong passed, damaged;
static unsigned long lost; /* 0: none */

static size_t size_of(uint64_t r)
{
    return r % 512 == 0 ? 65536 + r % 400000 : r % 32 == 0 ? 1024 + r % 30000 : 16 + r % 1000;
}

static void *produce(void *argument)
{
    struct queue *q = argument;
    uint64_t seed = (uint64_t)(q - queues) + 42;
    for (unsigned long i = 0; !atomic_load_explicit(&stop, memory_order_relaxed);) {
        if (i - atomic_load_explicit(&q->read, memory_order_acquire) == QUEUE) {
            sched_yield();
            continue;
        }
        size_t size = size_of(random_next(&seed));
        unsigned char *p = malloc(size);
        memcpy(p, &size, sizeof size);
        p[size - 1] = (unsigned char)size;
        q->blocks[i % QUEUE] = p;
        atomic_store_explicit(&q->written, ++i, memory_order_release);
    }
    return NULL;
}

static void *consume(void *argument)
{
    struct queue *q = argument;
    unsigned long i = 0;
    for (;;) {
        unsigned long written = atomic_load_explicit(&q->written, memory_order_acquire);
        if (i == written && atomic_load(&stop))
            break;
        if (i == written)
            sched_yield();
        for (; i < written; i++) {
            unsigned char *p = q->blocks[i % QUEUE];
            size_t size;
            memcpy(&size, p, sizeof size);
            if (p[size - 1] != (unsigned char)size)
                atomic_fetch_add(&damaged, 1);
            if (lost == 0 || i % lost != 0)
                free(p);
            atomic_store_explicit(&q->read, i + 1, memory_order_release);
        }
    }
    atomic_fetch_add(&passed, i);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Median: one sample of a busy process says little. */
static size_t median_kb(size_t *samples, int from, int to)
{
    qsort(samples + from, (size_t)(to - from), sizeof *samples, compare);
    return samples[(from + to) / 2];
}

int main(int argc, char **argv)
{
    static size_t samples[SAMPLES];
    unsigned long seconds = argument_or(argc, argv, 1, 5), pairs = argument_or(argc, argv, 2, 1);
    lost = argument_or(argc, argv, 3, 0);
    pthread_t threads[2 * PAIRS_MAX];
    under_hakmem();
    pairs = pairs < PAIRS_MAX ? pairs : PAIRS_MAX;
    for (unsigned long i = 0; i < pairs; i++) {
        pthread_create(&threads[2 * i], NULL, produce, &queues[i]);
        pthread_create(&threads[2 * i + 1], NULL, consume, &queues[i]);
    }
    for (int i = 0; i < SAMPLES; i++) {
        usleep((useconds_t)(seconds * 1000000 / SAMPLES));
        samples[i] = resident_kb();
    }
    atomic_store(&stop, true);
    for (unsigned long i = 0; i < 2 * pairs; i++)
        pthread_join(threads[i], NULL);
    size_t middle = median_kb(samples, SAMPLES * 4 / 10, SAMPLES * 6 / 10);
    size_t end = median_kb(samples, SAMPLES * 8 / 10, SAMPLES);
    promise(damaged == 0 && passed > 0, "%lu blocks passed between threads, %lu damaged", passed,
            damaged);
    bool steady = end * 100 <= middle * 105 + (seconds < LONG_SECONDS ? GRAIN_KB : 0) * 100;
    promise(steady == (lost == 0), "resident in the middle %zu KiB, at the end %zu KiB%s", middle,
            end, lost ? ": blocks are lost, and that is seen" : "");
    return promises_end();
}
