/* SPDX-License-Identifier: MIT */
/*
 * Operations over the whole API against a shadow map, from a seed.
 *
 *     shadow_map [seed] [operations] [threads]
 *
 * Without threads, or with 0, up to four take turns, and the same seed makes the same calls; with
 * some, they run at once and hand blocks to each other.
 */
#include "choices.h"
#include "crowd.h"
#include "interleaved.h"
#include "start.h"
#include "support/process.h"
#include "support/promise.h"

#include <stdio.h>

enum { PARTS = 10 };

static double begun;

static void progress(unsigned parts)
{
    if (seconds_now() - begun > 2)
        fprintf(stderr, "shadow_map: %u %%\n", parts * 100 / PARTS);
}

/* In ten parts, as the threads of a crowd: with each, all begins anew but the allocator. */
static void run_interleaved(unsigned long seed, unsigned long operations)
{
    for (unsigned part = 0; part < PARTS; part++) {
        struct choices from = choices_of_seed(seed * 1000003 + part, operations / PARTS);
        interleaved_run(&from);
        progress(part + 1);
    }
}

int main(int argc, char **argv)
{
    static char again[256];
    unsigned long seed = argument_or(argc, argv, 1, 1),
                  operations = argument_or(argc, argv, 2, 1000000),
                  threads = argument_or(argc, argv, 3, 0);
    threads = threads > CROWD_MAX ? CROWD_MAX : threads;
    shadow_map_start();
    snprintf(again, sizeof again, "shadow_map: again: %s %lu %lu %lu\n", argv[0], seed, operations,
             threads);
    shadow_map_say_if_killed(again);
    begun = seconds_now();
    if (threads == 0)
        run_interleaved(seed, operations);
    else
        crowd_run(seed, operations, (unsigned)threads, progress);
    promise(true, "seed %lu: %lu operations, %s, no violation", seed, operations,
            threads ? "threads at once" : "threads that take turns");
    return promises_end();
}
