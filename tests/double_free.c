/* SPDX-License-Identifier: MIT */
/*
 * A second free on the same thread stops the process with one line that names the pointer, for
 * every size, delay (other calls in between) and interleaving. A second free by another thread:
 * the rate is measured and printed.
 *
 *     double_free [repeats] [largest size that slabs serve]
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

enum { POOL = 4096 };

static size_t slab_max; /* above, blocks are spans of their own */

static const size_t sizes[] = {1,     16,    24,     64,      100,     128,   200,
                               512,   1000,  1024,   2000,    4096,    10000, 20000,
                               32768, 50000, 100000, 1 << 20, 40 << 20};
static const unsigned delays[] = {0, 1, 2, 7, 31, 62, 63, 64, 65, 126, 200, 1000, 3000};

enum { SIZES = sizeof sizes / sizeof sizes[0], DELAYS = sizeof delays / sizeof delays[0] };

/* What happens between the two frees. None of them hands the victim out again. */
enum between {
    FREES_OF_ITS_CLASS,
    FREES_OF_OTHERS,
    MALLOCS_OF_OTHERS,
    FREES_THEN_TRIM,
    BETWEEN_END
};

static const char *const between_names[] = {"frees of its size", "frees of other sizes",
                                            "mallocs of other sizes", "frees, then malloc_trim"};

struct attempt {
    size_t size;
    unsigned delay;
    enum between between;
    bool scribbled; /* the program wrote into the block after the first free */
    void **victim;  /* shared with the parent */
};

static size_t other_size(size_t size, unsigned i)
{
    size_t n = 16 + (i * 48) % 4000;
    size = size < 16 ? 16 : size;
    return n / 2 <= size && size <= n * 2 ? n * 8 : n;
}

static void delay_calls(const struct attempt *a, void **pool)
{
    for (unsigned i = 0; i < a->delay; i++) {
        if (a->between == MALLOCS_OF_OTHERS)
            *(volatile char *)malloc(other_size(a->size, i)) = 1;
        else
            free(pool[i]);
    }
    if (a->between == FREES_THEN_TRIM)
        malloc_trim(0);
}

/* Large sizes keep a smaller pool, so that the test needs no gigabytes. */
static unsigned delay_limit(size_t size)
{
    return size > 1 << 20 ? 7 : size > 50000 ? 200 : 3000;
}

/* Where a block of its own span is followed by other mallocs, one of them may rightly be at the
 * same address: then the second free is a first one, and nobody can tell. */
static bool reused_at_once(size_t size, enum between between)
{
    return size > slab_max && between == MALLOCS_OF_OTHERS;
}

static void free_twice(void *argument)
{
    const struct attempt *a = argument;
    static void *pool[POOL];
    for (unsigned i = 0; i < a->delay; i++)
        pool[i] = malloc(a->between == FREES_OF_OTHERS ? other_size(a->size, i) : a->size);
    char *p = malloc(a->size);
    *a->victim = p;
    memset(p, 'x', a->size < 4096 ? a->size : 4096);
    free(p);
    if (a->scribbled)
        memset(p, 'y', a->size < 16 ? a->size : 16);
    delay_calls(a, pool);
    free(opaque(p));
    /* Not noticed yet: it must be before the block could be handed out twice. */
    for (unsigned i = 0; i < (a->size > 1 << 20 ? 8 : POOL); i++)
        *(volatile char *)malloc(a->size) = 1;
}

struct tally {
    unsigned tried, stopped, shown;
};

static void try_once(struct attempt *a, struct tally *tally)
{
    *a->victim = NULL;
    struct child_end end = child_run(free_twice, a, 20);
    tally->tried++;
    if (child_accused(&end, *a->victim))
        tally->stopped++;
    else if (tally->shown++ < 3)
        note("size %zu, delay %u, %s, victim %p: %s", a->size, a->delay, between_names[a->between],
             *a->victim, child_describe(&end));
}

static void same_thread(void **victim, bool judged)
{
    for (unsigned s = 0; s < SIZES; s++) {
        struct tally tally = {0, 0, 0};
        for (unsigned d = 0; d < DELAYS; d++) {
            for (enum between between = 0; between < BETWEEN_END; between++) {
                if (delays[d] > delay_limit(sizes[s]) || reused_at_once(sizes[s], between))
                    continue;
                struct attempt a = {sizes[s], delays[d], between, false, victim};
                try_once(&a, &tally);
            }
        }
        if (judged)
            promise(tally.stopped == tally.tried,
                    "second free of %zu bytes: %u of %u stopped by name", sizes[s], tally.stopped,
                    tally.tried);
        else
            note("control: second free of %zu bytes: %u ends", sizes[s], tally.tried);
    }
}

/* Between the frees the program wrote over the block: whatever mark stood there is gone. */
static void scribbled(void **victim)
{
    struct tally tally = {0, 0, 0};
    for (unsigned s = 0; s < SIZES; s++)
        for (unsigned d = 0; d < 5; d++) {
            struct attempt a = {sizes[s], delays[d], FREES_OF_ITS_CLASS, true, victim};
            if (delays[d] <= delay_limit(sizes[s]))
                try_once(&a, &tally);
        }
    note("second free after a write into the freed block: %u of %u stopped by name", tally.stopped,
         tally.tried);
}

static void *free_in_thread(void *p)
{
    free(p);
    return NULL;
}

static void free_twice_remotely(void *argument)
{
    const struct attempt *a = argument;
    pthread_t thread;
    char *p = malloc(a->size);
    *a->victim = p;
    memset(p, 'x', a->size < 4096 ? a->size : 4096);
    if (a->between == FREES_OF_ITS_CLASS)
        free(p);
    pthread_create(&thread, NULL, free_in_thread, p);
    pthread_join(thread, NULL);
    if (a->between != FREES_OF_ITS_CLASS) {
        for (unsigned i = 0; i < a->delay; i++)
            *(volatile char *)malloc(other_size(a->size, i)) = 1;
        free(opaque(p));
    }
    for (unsigned i = 0; i < POOL; i++)
        *(volatile char *)malloc(a->size < 100000 ? a->size : 16) = 1;
}

static void remote(void **victim)
{
    static const char *const order[] = {"here, then by another thread",
                                        "by another thread, then here"};
    for (int between = 0; between < 2; between++) {
        unsigned tried = 0, named = 0, died = 0;
        for (unsigned s = 0; s < SIZES; s++) {
            for (unsigned d = 0; d < 3; d++) {
                struct attempt a = {sizes[s], delays[d], (enum between)between, false, victim};
                struct child_end end = child_run(free_twice_remotely, &a, 20);
                tried++;
                named += child_accused(&end, *victim);
                died += end.signal != 0;
            }
        }
        note("freed %s: %u of %u stopped, %u of them by name", order[between], died, tried, named);
    }
}

int main(int argc, char **argv)
{
    bool judged = under_hakmem();
    void **victim = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    unsigned long repeats = argument_or(argc, argv, 1, 1);
    slab_max = argument_or(argc, argv, 2, 32768);
    for (unsigned long i = 0; i < repeats; i++)
        same_thread(victim, judged);
    scribbled(victim);
    remote(victim);
    if (!judged)
        promise(true, "control on another malloc: nothing judged");
    return promises_end();
}
