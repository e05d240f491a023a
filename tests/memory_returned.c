/* SPDX-License-Identifier: MIT */
/*
 * Memory goes back to the kernel: after malloc_trim at once, without it after a second and some
 * activity. Asked for small, medium and large blocks, each in a fresh child.
 */
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TOTAL_KB = 128 * 1024, NEAR_KB = 8 * 1024 };

enum when { AFTER_TRIM, AFTER_QUIET, WHILE_BUSY };

static const char *const when_names[] = {"after malloc_trim", "after a second and some activity",
                                         "while other blocks come and go"};

struct run {
    size_t size;
    enum when when;
    bool in_thread; /* the memory was used by a thread that ended */
    size_t *rss;    /* shared: at the start, full, at the end */
};

static void fill_and_free(const struct run *run)
{
    size_t count = (size_t)TOTAL_KB * 1024 / run->size + 1;
    void **blocks = mmap(NULL, count * sizeof *blocks, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < count; i++)
        memset(blocks[i] = malloc(run->size), 1, run->size);
    run->rss[1] = resident_kb();
    for (size_t i = 0; i < count; i++)
        free(blocks[i]);
    munmap(blocks, count * sizeof *blocks);
}

static void *fill_in_thread(void *argument)
{
    fill_and_free(argument);
    return NULL;
}

/* Some activity of every kind: decay needs somebody to come by. */
static void be_active(void)
{
    void *p[500];
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 500; i++)
            p[i] = malloc(i % 50 == 0 ? 100000 : 64);
        for (int i = 0; i < 500; i++)
            free(p[i]);
    }
}

/* Never quiet: somebody frees beside the free memory all the time. */
static void be_busy(double seconds)
{
    for (double end = seconds_now() + seconds; seconds_now() < end; usleep(5000)) {
        void *large = malloc(100000), *larger = malloc(1 << 20);
        memset(large, 1, 100000);
        free(larger);
        free(large);
        be_active();
    }
}

static void give_time(enum when when)
{
    if (when == AFTER_TRIM)
        malloc_trim(0);
    else if (when == WHILE_BUSY)
        be_busy(2);
    else
        for (int i = 0; i < 2; i++) {
            usleep(1200000);
            be_active();
        }
}

static void use_and_return(void *argument)
{
    struct run *run = argument;
    pthread_t thread;
    be_active();
    run->rss[0] = resident_kb();
    if (run->in_thread) {
        pthread_create(&thread, NULL, fill_in_thread, run);
        pthread_join(thread, NULL);
    } else {
        fill_and_free(run);
    }
    give_time(run->when);
    run->rss[2] = resident_kb();
}

static void try_size(size_t size, enum when when, bool in_thread, size_t *rss, bool judged)
{
    struct run run = {size, when, in_thread, rss};
    memset(rss, 0, 3 * sizeof *rss);
    struct child_end end = child_run(use_and_return, &run, 60);
    bool kept = end.exit_status == 0 && rss[1] >= TOTAL_KB && rss[2] <= rss[0] + NEAR_KB;
    const char *how = when_names[when];
    if (judged)
        promise(kept, "blocks of %zu%s, %s: resident %zu KiB at first, %zu full, %zu at the end",
                size, in_thread ? " of an ended thread" : "", how, rss[0], rss[1], rss[2]);
    else
        note("control: blocks of %zu, %s: resident %zu KiB at first, %zu full, %zu at the end",
             size, how, rss[0], rss[1], rss[2]);
}

int main(void)
{
    static const size_t sizes[] = {64, 1000, 20000, 100000, 3 << 20, 48 << 20};
    size_t *rss = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool judged = under_hakmem();
    for (int i = 0; i < 6; i++)
        try_size(sizes[i], AFTER_TRIM, false, rss, judged);
    try_size(1000, AFTER_TRIM, true, rss, judged);
    try_size(100000, AFTER_TRIM, true, rss, judged);
    /* glibc returns no more than the top of its heap by itself: nothing to compare. */
    if (judged) {
        try_size(64, AFTER_QUIET, false, rss, judged);
        try_size(3 << 20, AFTER_QUIET, false, rss, judged);
        try_size(1000, WHILE_BUSY, false, rss, judged);
        try_size(100000, WHILE_BUSY, false, rss, judged);
    }
    if (!judged)
        promise(true, "control on another malloc: nothing judged");
    return promises_end();
}
