/* SPDX-License-Identifier: MIT */
/* Scenarios of the shadow map: every request by some form of the API, every answer held against
 * what the map knows; alone, and in threads that free each other's blocks. See surviving.h for
 * requests that are refused. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "faults.h"
#include "scenario.h"
#include "shadow_map/allocator.h"
#include "shadow_map/shadow.h"
#include "threads.h"

enum {
    STEPS = 200,
    SHADOWS = 3,
    SLOTS = 64 /* few, so that blocks are freed soon */,
    PARCELS = 32
};

static struct shadow *shadows[SHADOWS];

/* Blocks on their way from one thread to another. */
static struct shadow_block parcels[PARCELS];
static _Atomic int places[PARCELS]; /* 0: empty, 1: somebody is at it, 2: a parcel is there */

/* Puts the block where nothing is, or frees the parcel that is there. */
static void trade(struct shadow *s, struct shadow_block *b, struct choices *from)
{
    size_t place = choose(from, PARCELS);
    int empty = 0, full = 2;
    if (atomic_compare_exchange_strong(&places[place], &empty, 1)) {
        shadow_send(s, b, &parcels[place]);
        atomic_store(&places[place], 2);
    } else if (atomic_compare_exchange_strong(&places[place], &full, 1)) {
        shadow_receive(s, &parcels[place]);
        shadow_release(s, &parcels[place], from);
        atomic_store(&places[place], 0);
    }
}

static void step(struct shadow *s, struct choices *from)
{
    struct shadow_block *b = &s->slots[choose(from, SLOTS)];
    if (!b->p) {
        shadow_allocate(s, b, from, shadow_choose_size(from));
        return;
    }
    switch (choose(from, 8)) {
    case 0:
        shadow_check(b);
        break;
    case 1:
    case 2:
        shadow_resize(s, b, from);
        break;
    case 3:
        trade(s, b, from);
        break;
    default:
        shadow_release(s, b, from);
    }
    shadow_keep_within_limits(s);
}

static void *cast_shadow(void *argument)
{
    uintptr_t seed = (uintptr_t)argument;
    struct choices from = choices_of_seed(seed, UINT64_MAX);
    for (int i = 0; i < STEPS; i++)
        step(shadows[seed % SHADOWS], &from);
    return NULL;
}

static void make_shadows(void)
{
    for (unsigned i = 0; i < SHADOWS; i++)
        shadows[i] = shadow_create();
}

static void run_shadow(void)
{
    cast_shadow((void *)3);
}

static void run_shadow_threads(void)
{
    for (uintptr_t generation = 0; generation < 2; generation++)
        start_and_join(cast_shadow, 1 + generation * SHADOWS, SHADOWS);
}

static void destroy_shadows(void)
{
    struct choices plain = choices_of_bytes(NULL, 0, 0);
    for (int i = 0; i < PARCELS; i++) {
        if (atomic_exchange(&places[i], 0) == 0)
            continue;
        shadow_receive(shadows[0], &parcels[i]);
        shadow_release(shadows[0], &parcels[i], &plain);
    }
    for (unsigned i = 0; i < SHADOWS; i++)
        shadow_destroy(shadows[i]);
}

const struct scenario scenario_shadow = {
    .name = "shadow", .prepare = make_shadows, .run = run_shadow, .finish = destroy_shadows};
const struct scenario scenario_shadow_threads = {.name = "shadow_threads",
                                                 .prepare = make_shadows,
                                                 .run = run_shadow_threads,
                                                 .finish = destroy_shadows,
                                                 .has_threads = true};
