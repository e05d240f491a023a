/* SPDX-License-Identifier: MIT */
/*
 * A second free by another thread, or the first one: how often it is stopped. One free after the
 * other it always is, while the block was neither written to nor handed out again; after a write
 * into the freed block the mark is gone, and two frees at the very same time both find none: then
 * rates are measured and printed, and what is not stopped may be handed out twice.
 */
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum order { HERE_THERE, THERE_HERE, BOTH_THERE, TWO_THERE, AT_ONCE, ORDER_END };

static const char *const order_names[] = {"here, then there", "there, then here",
                                          "twice by one other thread", "by two other threads",
                                          "by two threads at once"};

static const size_t sizes[] = {16, 64, 200, 1000, 5000, 30000, 100000};
static const unsigned between[] = {0, 1, 10, 100, 1000};

enum {
    SIZES = sizeof sizes / sizeof *sizes,
    BETWEEN = sizeof between / sizeof *between,
    AFTER = 2000,
    TRIES = 10
};

struct attempt {
    enum order order;
    size_t size;
    unsigned calls; /* between the two frees, by the owner */
    bool scribbled;
    void **victim; /* shared */
};

static pthread_barrier_t together;

static void *free_it(void *p)
{
    free(p);
    return NULL;
}

static void *free_it_twice(void *p)
{
    free(p);
    free(opaque(p));
    return NULL;
}

static void *free_it_at_once(void *p)
{
    pthread_barrier_wait(&together);
    free(p);
    return NULL;
}

static void elsewhere(void *(*body)(void *), void *p)
{
    pthread_t thread;
    pthread_create(&thread, NULL, body, p);
    pthread_join(thread, NULL);
}

/* Mallocs and frees of another size: none of them may hand the block out again. */
static void in_between(const struct attempt *a, char *p)
{
    if (a->scribbled)
        memset(p, 'y', 16);
    for (unsigned i = 0; i < a->calls; i++) {
        char *other = malloc(a->size * 3);
        other[0] = 1;
        if (i % 2)
            free(other);
    }
}

static void at_once(char *p)
{
    pthread_t thread;
    pthread_barrier_init(&together, NULL, 2);
    pthread_create(&thread, NULL, free_it_at_once, p);
    pthread_barrier_wait(&together);
    free(opaque(p));
    pthread_join(thread, NULL);
}

static void free_twice(void *argument)
{
    const struct attempt *a = argument;
    char *p = malloc(a->size);
    *a->victim = p;
    memset(p, 'x', 16);
    if (a->order == AT_ONCE) {
        at_once(p);
    } else if (a->order == BOTH_THERE && !a->scribbled && a->calls == 0) {
        elsewhere(free_it_twice, p);
    } else {
        a->order == HERE_THERE ? free(p) : elsewhere(free_it, p);
        in_between(a, p);
        a->order == THERE_HERE ? free(opaque(p)) : elsewhere(free_it, p);
    }
    for (unsigned i = 0; i < (a->size > 50000 ? 20 : AFTER); i++)
        *(volatile char *)malloc(a->size) = 1;
}

/* A row of the table: percent stopped by name, for each number of calls between. */
static void row(enum order order, unsigned scribbled, void **victim, bool judged)
{
    char text[128] = "";
    unsigned missed = 0;
    for (unsigned b = 0; b < (order == AT_ONCE ? 1 : BETWEEN); b++) {
        unsigned tried = 0, named = 0;
        for (unsigned s = 0; s < SIZES - scribbled;
             s++) { /* the last one's memory is the kernel's again */
            for (int i = 0; i < (order == AT_ONCE ? TRIES : 1); i++) {
                struct attempt a = {order, sizes[s], between[b], scribbled, victim};
                *victim = NULL;
                struct child_end end = child_run(free_twice, &a, 20);
                tried++;
                named += judged ? child_accused(&end, *victim) : end.signal != 0;
            }
        }
        missed += tried - named;
        snprintf(text + strlen(text), sizeof text - strlen(text), " %6.0f %%",
                 100.0 * named / tried);
    }
    if (judged && !scribbled && order != AT_ONCE)
        promise(missed == 0, "%-28s%s", order_names[order], text);
    else
        note("%-28s%s%s", order_names[order], text, scribbled ? "  written to between" : "");
}

int main(void)
{
    bool judged = under_hakmem();
    void **victim = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    note("stopped %s, of %d sizes; calls between:",
         judged ? "by a line that names the block" : "by any signal", SIZES);
    note("%-28s %8u %8u %8u %8u %8u", "freed", between[0], between[1], between[2], between[3],
         between[4]);
    for (unsigned scribbled = 0; scribbled < 2; scribbled++)
        for (enum order order = 0; order < (scribbled ? AT_ONCE : ORDER_END); order++)
            row(order, scribbled, victim, judged);
    if (!judged)
        promise(true, "control on another malloc: nothing judged");
    return promises_end();
}
