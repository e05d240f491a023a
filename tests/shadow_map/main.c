/* SPDX-License-Identifier: MIT */
/*
 * Operations over the whole API against a shadow map, from a seed.
 *
 *     shadow_map [seed] [operations] [threads]
 *
 * The operations are shared out among the threads, which hand blocks to each other; every tenth
 * part of the run the threads end and new ones take over.
 */
#include "shadow_map.h"
#include "support/process.h"
#include "support/promise.h"

#include <pthread.h>

enum { THREADS_MAX = 64, GENERATIONS = 10 };

struct work {
    uint64_t seed;
    unsigned long operations;
    struct shadow *shadow;
    pthread_t thread;
};

static uint64_t next_random(struct choices *from)
{
    return random_next(&from->state);
}

static void *run(void *argument)
{
    struct work *work = argument;
    struct choices from = {next_random, work->seed, NULL, 0};
    for (unsigned long i = 0; i < work->operations; i++)
        shadow_step(work->shadow, &from);
    return NULL;
}

int main(int argc, char **argv)
{
    static struct work work[THREADS_MAX];
    unsigned long seed = argument_or(argc, argv, 1, 1),
                  operations = argument_or(argc, argv, 2, 1000000),
                  threads = argument_or(argc, argv, 3, 1);
    under_hakmem();
    threads = threads < 1 ? 1 : threads > THREADS_MAX ? THREADS_MAX : threads;
    for (unsigned long i = 0; i < threads; i++)
        work[i].shadow = shadow_create((unsigned)i);
    for (int generation = 0; generation < GENERATIONS; generation++) {
        for (unsigned long i = 0; i < threads; i++) {
            work[i].seed = (seed * 1000003 + (unsigned long)generation * 101 + i) * 2654435761u + 1;
            work[i].operations = operations / threads / GENERATIONS;
            if (threads == 1)
                run(&work[0]);
            else
                pthread_create(&work[i].thread, NULL, run, &work[i]);
        }
        for (unsigned long i = 0; threads > 1 && i < threads; i++)
            pthread_join(work[i].thread, NULL);
    }
    for (unsigned long i = 0; i < threads; i++)
        shadow_destroy(work[i].shadow);
    shadow_exchange_drain();
    promise(true, "seed %lu: %lu operations in %lu threads, no violation", seed,
            operations / threads / GENERATIONS * threads * GENERATIONS, threads);
    return promises_end();
}
