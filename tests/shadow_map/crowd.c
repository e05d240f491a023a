/* SPDX-License-Identifier: MIT */
#include "crowd.h"

#include "allocator.h"
#include "operations.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { EXCHANGE = 512 };

struct work {
    struct choices from;
    struct shadow *shadow;
    pthread_t thread;
};

/* Blocks on their way from one thread to another. */
static _Atomic(struct shadow_block *) exchange[EXCHANGE];

/* Enters a block of another shadow into this one and frees it. */
static void release_parcel(struct shadow *s, struct shadow_block *parcel, struct choices *from)
{
    shadow_receive(s, parcel);
    shadow_release(s, parcel, from);
    allocator.free(parcel);
}

/* Sends a block into the exchange and frees the one that was there, whoever allocated it. */
static void hand_over(struct shadow *s, struct choices *from)
{
    struct shadow_block *b = &s->slots[choose(from, SHADOW_SLOTS)];
    struct shadow_block *parcel = b->p ? allocator.malloc(sizeof *parcel) : NULL;
    choices_spend(from, 1);
    if (!parcel)
        return;
    shadow_send(s, b, parcel);
    parcel = atomic_exchange(&exchange[choose(from, EXCHANGE)], parcel);
    if (parcel)
        release_parcel(s, parcel, from);
}

static void *run(void *argument)
{
    struct work *work = argument;
    while (choices_left(&work->from)) {
        enum operation what = operation_choose(&work->from);
        if (what == OPERATION_SWITCH_THREAD || what == OPERATION_END_THREAD)
            hand_over(work->shadow, &work->from);
        else
            operation_do(work->shadow, &work->from, what);
    }
    return NULL;
}

static void run_generation(struct work *work, unsigned threads)
{
    unsigned started = 0;
    while (started < threads &&
           pthread_create(&work[started].thread, NULL, run, &work[started]) == 0)
        started++;
    for (unsigned i = 0; i < started; i++)
        pthread_join(work[i].thread, NULL);
}

static void drain_exchange(struct shadow *s)
{
    struct choices plain = choices_of_bytes(NULL, 0, 0);
    for (int i = 0; i < EXCHANGE; i++) {
        struct shadow_block *parcel = atomic_exchange(&exchange[i], NULL);
        if (parcel)
            release_parcel(s, parcel, &plain);
    }
}

void crowd_run(unsigned long seed, unsigned long operations, unsigned threads,
               void (*done)(unsigned generations))
{
    static struct work work[CROWD_MAX];
    unsigned long each = operations / threads / CROWD_GENERATIONS;
    for (unsigned i = 0; i < threads; i++)
        work[i].shadow = shadow_create();
    for (unsigned generation = 0; generation < CROWD_GENERATIONS; generation++) {
        for (unsigned i = 0; i < threads; i++)
            work[i].from = choices_of_seed(seed * 1000003 + generation * 101 + i, each);
        run_generation(work, threads);
        done(generation + 1);
    }
    drain_exchange(work[0].shadow);
    for (unsigned i = 0; i < threads; i++)
        shadow_destroy(work[i].shadow);
}
