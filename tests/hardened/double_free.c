/* SPDX-License-Identifier: MIT */
/* Second frees, by whichever thread and wherever the block is meanwhile; frees of no block. */
#include "cases.h"
#include "support/process.h"

#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *free_it(void *p)
{
    free(p);
    return NULL;
}

static void free_in_thread(void *p)
{
    pthread_t thread;
    pthread_create(&thread, NULL, free_it, p);
    pthread_join(thread, NULL);
}

static void *new_victim(size_t size)
{
    char *p = malloc(size);
    memset(p, 'x', size);
    case_victim(p);
    return p;
}

static void here_twice(size_t size)
{
    char *p = new_victim(size);
    free(p);
    free(opaque(p));
}

static void scribbled_between(size_t size)
{
    char *p = new_victim(size);
    free(p);
    memset(opaque(p), 'y', size);
    free(opaque(p));
}

/* Somebody kept what stands behind the block's bytes, and puts it back: nothing in the block tells
 * that it is free. */
static void canary_put_back(size_t size)
{
    char kept[8], *p = new_victim(size), *end = p + malloc_usable_size(p);
    memcpy(kept, opaque(end), sizeof kept);
    free(p);
    memcpy(opaque(end), kept, sizeof kept);
    free(opaque(p));
}

static void here_then_there(size_t size)
{
    char *p = new_victim(size);
    free(p);
    free_in_thread(p);
}

static void there_then_here(size_t size)
{
    char *p = new_victim(size);
    free_in_thread(p);
    free(opaque(p));
}

static pthread_barrier_t barrier;

/* Waits, with the block in its outbox, for the second free. */
static void *free_and_wait(void *p)
{
    free(p);
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return NULL;
}

static void in_flight(size_t size)
{
    pthread_t thread;
    char *p = new_victim(size);
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, free_and_wait, p);
    pthread_barrier_wait(&barrier);
    free(opaque(p));
}

static void in_flight_by_a_third(size_t size)
{
    pthread_t thread;
    char *p = new_victim(size);
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, free_and_wait, p);
    pthread_barrier_wait(&barrier);
    free_in_thread(p);
}

static int ready;

static void *free_at_once(void *p)
{
    __atomic_fetch_add(&ready, 1, __ATOMIC_ACQ_REL);
    while (__atomic_load_n(&ready, __ATOMIC_ACQUIRE) < 2)
        continue;
    free(p);
    return NULL;
}

/* At the same moment: at the latest the second malloc that gets the block tells. */
static void both_at_once(size_t size)
{
    pthread_t thread;
    char *p = new_victim(size);
    pthread_create(&thread, NULL, free_at_once, p);
    free_at_once(p);
    pthread_join(thread, NULL);
    case_use_up(size);
}

/* A block's place in a slab, where none was handed out yet. */
static void never_handed_out(size_t size)
{
    char *p = malloc(size);
    for (char *place = (char *)((uintptr_t)p & ~0xfffful);; place += 64) {
        if (place == p)
            continue;
        case_victim(place);
        free(opaque(place));
    }
}

#define TWICE "double free"
#define AGAIN "invalid pointer (or double free)"

const struct hardened_case double_free_cases[] = {
    {"freed twice", here_twice, 1, ENDING_NAMED, TWICE, CONTROL_ALIKE, false},
    {"freed twice", here_twice, 3000, ENDING_NAMED, TWICE, CONTROL_ALIKE, false},
    {"freed twice", here_twice, 100000, ENDING_NAMED, AGAIN, CONTROL_ALIKE, false},
    {"freed twice, written over between", scribbled_between, 100, ENDING_NAMED, TWICE,
     CONTROL_DIFFERS, false},
    {"freed twice, its canary put back between", canary_put_back, 100, ENDING_NAMED, TWICE,
     CONTROL_EITHER, false},
    {"freed here, then by another thread", here_then_there, 100, ENDING_NAMED, TWICE,
     CONTROL_EITHER, false},
    {"freed by another thread, then here", there_then_here, 100, ENDING_NAMED, TWICE,
     CONTROL_EITHER, false},
    {"freed again while it is on its way", in_flight, 100, ENDING_NAMED, TWICE, CONTROL_EITHER,
     false},
    {"freed again while it is on its way", in_flight, 20000, ENDING_NAMED, TWICE, CONTROL_EITHER,
     false},
    {"freed again on its way, by a third", in_flight_by_a_third, 100, ENDING_NAMED, TWICE,
     CONTROL_EITHER, false},
    {"freed twice at once", both_at_once, 100, ENDING_NAMED, TWICE, CONTROL_EITHER, false},
    {"freed twice at once", both_at_once, 1000, ENDING_NAMED, TWICE, CONTROL_EITHER, false},
    {"freed twice at once", both_at_once, 10000, ENDING_NAMED, TWICE, CONTROL_EITHER, false},
    {"freed, but never handed out", never_handed_out, 56, ENDING_NAMED, TWICE, CONTROL_EITHER,
     false},
    {0},
};
