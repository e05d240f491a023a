/* SPDX-License-Identifier: MIT */
/*
 * Writes into free memory never corrupt the allocator's state, whatever state that memory is in:
 * over the end of a block into free neighbours, into blocks on their way from one thread to
 * another, into pages given back to the kernel, into free spans. After each, blocks are handed out
 * and taken back as ever. (Over the end into a block in use, the program harms itself; into the
 * allocator's own records, see corrupted_test.c.)
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
#include <sys/mman.h>
#include <unistd.h>

enum { MANY = 4096, ROUNDS = 6 };

static const size_t sizes[] = {16, 48, 200, 1000, 5000, 30000};
enum { SIZES = sizeof sizes / sizeof *sizes };

static unsigned char *blocks[MANY];
static int pattern; /* a byte, or -1: addresses of blocks in use */

static void scribble(unsigned char *p, size_t bytes)
{
    if (pattern >= 0) {
        memset(p, pattern, bytes);
        return;
    }
    for (size_t i = 0; i + sizeof(void *) <= bytes; i += sizeof(void *))
        memcpy(p + i, &blocks[i / 8 * 2 % MANY], sizeof(void *));
}

static unsigned char mark_of(int i)
{
    return (unsigned char)(i * 7 + 1);
}

/* So many that no class holds more than a few MiB. */
static int count_of(size_t size)
{
    return size > 1000 ? MANY / 16 : MANY;
}

static void take(size_t size, int from, int step)
{
    for (int i = from; i < count_of(size); i += step)
        memset(blocks[i] = malloc(size), mark_of(i), size);
}

static void fail(const char *what, size_t size, int i)
{
    fprintf(stderr, "%s: %zu bytes, block %d\n", what, size, i);
    _exit(1);
}

static void check(size_t size, int from, int step)
{
    for (int i = from; i < count_of(size); i += step)
        for (size_t k = 0; k < size; k += 1 + k / 64)
            if (blocks[i][k] != mark_of(i))
                fail("a block in use changed", size, i);
}

/* Half of the blocks are freed and wholly written over, then taken again, and all are whole. */
static void wholly(size_t size)
{
    take(size, 0, 1);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 1; i < count_of(size); i += 2) {
            free(blocks[i]);
            scribble(blocks[i], size);
        }
        if (round % 2)
            malloc_trim(0);
        check(size, 0, 2);
        take(size, 1, 2);
        check(size, 0, 1);
    }
}

/* Those in use are written to up to 64 bytes beyond their end, where their neighbour is free. */
static void over_the_end(size_t size)
{
    size_t usable = 0, beyond = size < 64 ? size : 64;
    take(size, 0, 1);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 1; i < count_of(size); i += 2)
            free(blocks[i]);
        for (int i = 0; i + 1 < count_of(size); i += 2) {
            usable = malloc_usable_size(blocks[i]);
            if (blocks[i] + usable == blocks[i + 1])
                scribble(blocks[i] + usable, beyond);
        }
        check(size, 0, 2);
        take(size, 1, 2);
        check(size, 0, 1);
    }
}

static void *free_and_scribble(void *argument)
{
    size_t size = (size_t)argument;
    for (int i = 1; i < count_of(size); i += 2) {
        free(blocks[i]);
        scribble(blocks[i], size);
    }
    return NULL;
}

/* Freed by another thread, in magazines on their way. */
static void in_flight(size_t size)
{
    pthread_t thread;
    take(size, 0, 1);
    for (int round = 0; round < ROUNDS; round++) {
        pthread_create(&thread, NULL, free_and_scribble, (void *)size);
        pthread_join(thread, NULL);
        check(size, 0, 2);
        take(size, 1, 2);
        check(size, 0, 1);
    }
}

static void light_activity(void)
{
    for (double end = seconds_now() + 1; seconds_now() < end; usleep(1000))
        free(opaque(malloc(100)));
}

/* Most of a slab is free and rests until its pages are the kernel's. */
static void in_purged_pages(size_t size)
{
    int every = (int)(40000 / size) + 1;
    take(size, 0, 1);
    for (int i = 0; i < count_of(size); i++)
        if (i % every != 0)
            free(blocks[i]);
    light_activity();
    for (int i = 0; i < count_of(size); i++)
        if (i % every != 0)
            scribble(blocks[i], size);
    check(size, 0, every);
    for (int i = 0; i < count_of(size); i++)
        if (i % every != 0)
            memset(blocks[i] = malloc(size), mark_of(i), size);
    check(size, 0, 1);
    for (int i = 0; i < count_of(size); i++)
        free(blocks[i]);
}

/* Spans: free neighbours of large blocks, dirty ones and those whose memory went back. */
static void in_free_spans(size_t size)
{
    static unsigned char *large[64];
    size_t bytes = 50000 + size * 8;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < 64; i++)
            memset(large[i] = malloc(bytes), i, bytes);
        for (int i = 1; i < 64; i += 2)
            free(large[i]);
        if (round % 2)
            malloc_trim(0);
        for (int i = 1; i < 64; i += 2)
            scribble(large[i], bytes);
        for (int i = 0; i < 64; i += 2)
            if (large[i][0] != i || large[i][bytes - 1] != i)
                fail("a large block changed", bytes, i);
        for (int i = 1; i < 64; i += 2)
            memset(large[i] = malloc(bytes), i, bytes);
        for (int i = 0; i < 64; i++)
            free(large[i]);
        take(size, 0, 1);
        check(size, 0, 1);
        for (int i = 0; i < count_of(size); i++)
            free(blocks[i]);
    }
}

struct run {
    void (*act)(size_t size);
    size_t size;
};

static void act(void *argument)
{
    const struct run *run = argument;
    run->act(run->size);
}

int main(void)
{
    static const int patterns[] = {0, 0xff, 0x41, -1};
    static const struct {
        const char *name;
        void (*act)(size_t size);
    } ways[] = {
        {"whole freed blocks", wholly},
        {"free neighbours, over the end", over_the_end},
        {"blocks on their way to their owner", in_flight},
        {"pages given back to the kernel", in_purged_pages},
        {"free spans", in_free_spans},
    };
    bool judged = under_hakmem();
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        unsigned tried = 0, intact = 0;
        struct child_end end, bad = {0};
        for (size_t s = 0; s < SIZES; s++) {
            for (size_t p = 0; p < 4; p++) {
                if (ways[w].act == in_purged_pages && (s + p) % 4 != 3) /* each takes a second */
                    continue;
                struct run run = {ways[w].act, sizes[s]};
                pattern = patterns[p];
                end = child_run(act, &run, 30);
                tried++;
                intact += end.exit_status == 0;
                if (end.exit_status != 0)
                    bad = end;
            }
        }
        if (judged)
            promise(intact == tried, "writes into %s: state intact in %u of %u%s%s", ways[w].name,
                    intact, tried, intact == tried ? "" : ": ",
                    intact == tried ? "" : child_describe(&bad));
        else
            note("control: writes into %s: %u of %u ended well", ways[w].name, intact, tried);
    }
    if (!judged)
        promise(true, "control on another malloc: nothing judged");
    return promises_end();
}
