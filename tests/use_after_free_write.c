/* SPDX-License-Identifier: MIT */
/*
 * Writes into freed blocks never corrupt the allocator's state: it goes on handing out blocks that
 * are apart, aligned and whole. The writer scribbles over everything it freed, all the time.
 */
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LIVE = 1024, STALE = 512, STEPS = 60000 };

struct run {
    size_t limit; /* sizes are 16 to this */
    int pattern;  /* what the scribbler writes: a byte, or -1 for heap addresses, -2 for overflow */
};

struct block {
    unsigned char *p;
    size_t size;
    unsigned char mark;
};

static void fail(const char *what, size_t size, void *p)
{
    fprintf(stderr, "%s: %zu bytes at %p\n", what, size, p);
    _exit(1);
}

static void check(const struct block *b)
{
    for (size_t k = 0; k < b->size; k += 1 + k / 64)
        if (b->p[k] != b->mark)
            fail("a live block changed", b->size, b->p);
    if (b->p[b->size - 1] != b->mark)
        fail("the end of a live block changed", b->size, b->p);
}

static void fill(struct block *b, const struct run *run, uint64_t *seed)
{
    b->size = 16 + random_next(seed) % run->limit;
    b->p = malloc(b->size);
    if (!b->p || (uintptr_t)b->p % 16 || malloc_usable_size(b->p) < b->size)
        fail("a block is not right", b->size, b->p);
    b->mark = (unsigned char)random_next(seed);
    memset(b->p, b->mark, b->size);
}

static bool is_live(const struct block *live, const unsigned char *p)
{
    for (int i = 0; i < LIVE; i++)
        if (live[i].p && p < live[i].p + live[i].size && p + 16 > live[i].p)
            return true;
    return false;
}

/* Writes over 16 bytes and more of a block that was freed and not handed out since. */
static void scribble(unsigned char *p, const struct run *run, const struct block *live,
                     uint64_t *seed)
{
    if (is_live(live, p))
        return;
    if (run->pattern >= 0) {
        memset(p, run->pattern, 16);
        return;
    }
    void *lies[2] = {live[random_next(seed) % LIVE].p, p};
    memcpy(p, lies, sizeof lies);
}

static void churn(void *argument)
{
    const struct run *run = argument;
    static _Thread_local struct block live[LIVE];
    static _Thread_local unsigned char *stale[STALE];
    uint64_t seed = 88172645463325252ull + run->limit;
    for (unsigned step = 0; step < STEPS; step++) {
        struct block *b = &live[random_next(&seed) % LIVE];
        if (b->p) {
            check(b);
            unsigned char *p = b->p;
            b->p = NULL;
            free(p);
            scribble(p, run, live, &seed);
            stale[step % STALE] = p;
        } else {
            fill(b, run, &seed);
        }
        if (step % 64 == 0 && stale[step / 64 % STALE])
            scribble(stale[step / 64 % STALE], run, live, &seed);
    }
    for (int i = 0; i < LIVE; i++)
        if (live[i].p)
            check(&live[i]);
}

static void *churn_in_thread(void *argument)
{
    churn(argument);
    return NULL;
}

/* The scribbled blocks outlive their thread and go through adoption. */
static void churn_in_threads(void *argument)
{
    for (int round = 0; round < 4; round++) {
        pthread_t thread;
        pthread_create(&thread, NULL, churn_in_thread, argument);
        pthread_join(thread, NULL);
    }
}

static pthread_key_t key;
static unsigned char *given[LIVE];

/* Frees and scribbles in every round of key destructors: in the last ones the thread's heap may
 * have gone, and its frees take another way. */
static void free_late(void *value)
{
    uintptr_t round = (uintptr_t)value;
    for (int i = (int)round; i < LIVE; i += 4) {
        unsigned char *p = given[i];
        free(p);
        memset(p, 0x7f, 32);
    }
    if (round < 3)
        pthread_setspecific(key, (void *)(round + 1));
}

static void *arm(void *unused)
{
    free_late(NULL); /* round 0, while the heap is there; NULL values run no destructor */
    pthread_setspecific(key, (void *)1);
    return unused;
}

static void late_frees(void *unused)
{
    (void)unused;
    pthread_key_create(&key, free_late);
    for (int round = 0; round < 20; round++) {
        pthread_t thread;
        struct block live[LIVE];
        for (int i = 0; i < LIVE; i++)
            given[i] = malloc(32 + (size_t)i % 400);
        pthread_create(&thread, NULL, arm, NULL);
        pthread_join(thread, NULL);
        for (int i = 0; i < LIVE; i++) {
            live[i] = (struct block){malloc(32 + (size_t)i % 400), 32 + (size_t)i % 400,
                                     (unsigned char)i};
            memset(live[i].p, live[i].mark, live[i].size);
        }
        for (int i = 0; i < LIVE; i++) {
            check(&live[i]);
            free(live[i].p);
        }
    }
}

int main(void)
{
    static const size_t limits[] = {100, 1000, 8000};
    static const int patterns[] = {0, 0xff, 0x5a, -1};
    bool judged = under_hakmem();
    for (int l = 0; l < 3; l++) {
        for (int k = 0; k < 4; k++) {
            struct run run = {limits[l], patterns[k]};
            struct child_end end = child_run(k == 3 ? churn_in_threads : churn, &run, 60);
            bool fine = end.exit_status == 0;
            if (judged)
                promise(fine, "blocks up to %zu bytes, scribbled with %#x: %s", limits[l],
                        (unsigned)patterns[k], fine ? "state intact" : child_describe(&end));
            else
                note("control: blocks up to %zu bytes, scribbled with %#x: %s", limits[l],
                     (unsigned)patterns[k], child_describe(&end));
        }
    }
    if (judged) {
        struct child_end end = child_run(late_frees, NULL, 60);
        promise(end.exit_status == 0, "freed by a thread at its very end, then scribbled: %s",
                end.exit_status == 0 ? "state intact" : child_describe(&end));
    }
    if (!judged)
        promise(true, "control on another malloc: nothing judged");
    return promises_end();
}
