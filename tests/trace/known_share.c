/* SPDX-License-Identifier: MIT */
/*
 * Spends a known share of its processor time in the preloaded fixture: it reads its own clock
 * around each piece of work and prints the share that was the fixture's.
 *
 *     known_share SECONDS WANTED_SHARE
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "known_share.h"

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static __attribute__((noinline)) uint64_t application_work(uint64_t steps)
{
    uint64_t state = 1;
    for (uint64_t i = 0; i < steps; i++) {
        state = state * 2862933555777941757u + 3037000493u;
        __asm__ volatile("" : "+r"(state));
    }
    return state;
}

int main(int argc, char **argv)
{
    enum { STEPS = 1000000 };
    if (argc != 3 || !fixture_allocator_work)
        return 99;
    double seconds = atof(argv[1]), wanted = atof(argv[2]);
    double there = 0, here = 0, start = now(), before = start;
    while (before - start < seconds) {
        /* Of changing length, so that the samples are not in step with it. */
        double steps = STEPS * (0.5 + drand48());
        fixture_allocator_work((uint64_t)(steps * wanted));
        double between = now();
        application_work((uint64_t)(steps * (1 - wanted)));
        double after = now();
        there += between - before;
        here += after - between;
        before = after;
    }
    printf("%.9f\n", there / (there + here));
    return 0;
}
