/* SPDX-License-Identifier: MIT */
/* Scenarios of several threads: they end and are adopted, free each other's blocks, and allocate
 * in the destructors of their keys. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "export.h"
#include "faults.h"
#include "scenario.h"
#include "support/process.h"
#include "threads.h"

enum { THREADS = 3, GENERATIONS = 3, STEPS = 120, EXCHANGE = 64 };

/* A block that says itself how long it is, for it changes hands. */
struct parcel {
    size_t bytes;
    unsigned char fill[];
};

static _Atomic(struct parcel *) exchange[EXCHANGE];
static pthread_key_t key;

static struct parcel *pack(size_t bytes)
{
    struct parcel *parcel = or_no_memory(hakmem_malloc(sizeof *parcel + bytes));
    if (parcel) {
        parcel->bytes = bytes;
        memset(parcel->fill, (int)(bytes & 0x7f), bytes);
    }
    return parcel;
}

static void unpack(struct parcel *parcel)
{
    if (!parcel)
        return;
    for (size_t k = 0; k < parcel->bytes; k += k < 32 || k + 300 > parcel->bytes ? 1 : 251)
        require(parcel->fill[k] == (parcel->bytes & 0x7f),
                "a block handed over keeps its contents");
    hakmem_free(parcel);
}

static void destroy(void *value)
{
    unpack(value);
    unpack(pack(700));
}

static void *trade(void *argument)
{
    uint64_t seed = (uintptr_t)argument * 7919 + 1;
    struct parcel *armed = pack(200);
    faults_suspend(true); /* the test's own key */
    pthread_setspecific(key, armed);
    faults_suspend(false);
    for (int i = 0; i < STEPS; i++) {
        uint64_t r = random_next(&seed);
        size_t bytes = r % 40 == 0 ? 100000 : 1 + r / 40 % (r % 8 == 0 ? 6000 : 500);
        unpack(atomic_exchange(&exchange[r >> 32 & (EXCHANGE - 1)], pack(bytes)));
    }
    return NULL;
}

/* Frees and never allocates. */
static void *sweep(void *argument)
{
    for (int i = 0; i < EXCHANGE; i += 2)
        unpack(atomic_exchange(&exchange[i], NULL));
    return NULL;
}

static void make_key(void)
{
    pthread_key_create(&key, destroy);
}

void start_and_join(void *(*body)(void *), uintptr_t seed, int count)
{
    pthread_t threads[8];
    for (int i = 0; i < count; i++)
        require(pthread_create(&threads[i], NULL, body, (void *)(seed + (uintptr_t)i)) == 0,
                "a thread starts");
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

static void run_threads(void)
{
    unpack(pack(100));
    for (uintptr_t generation = 0; generation < GENERATIONS; generation++) {
        start_and_join(trade, 1 + generation * THREADS, THREADS);
        start_and_join(sweep, 0, 1);
    }
}

static void empty_exchange(void)
{
    for (int i = 0; i < EXCHANGE; i++)
        unpack(atomic_exchange(&exchange[i], NULL));
}

const struct scenario scenario_threads = {.name = "threads",
                                          .prepare = make_key,
                                          .run = run_threads,
                                          .finish = empty_exchange,
                                          .has_threads = true};
