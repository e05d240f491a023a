/* SPDX-License-Identifier: MIT */
/*
 * A second free stops the process by name wherever the first one left the block: in the thread's
 * magazine, the depot, its slab, an outbox, an inbox, an orphan's; after its heap was adopted, or
 * the process forked; and however the block was made.
 */
#include "beside.h"
#include "support/process.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MANY = 700
}; /* more than an outbox's and a depot's magazine, and than an orphan's inbox takes */

static void *victim;
static void *others[MANY];
static pthread_barrier_t step;

static void *take(size_t size)
{
    char *p = malloc(size);
    memset(p, 'x', size < 64 ? size : 64);
    return p;
}

static void in_magazine(size_t size)
{
    free(victim = take(size));
    free(accuse(victim));
}

static void take_others(size_t size)
{
    for (int i = 0; i < MANY; i++)
        others[i] = take(size);
}

static void free_others(void)
{
    for (int i = 0; i < MANY; i++)
        free(others[i]);
}

static void in_depot(size_t size)
{
    victim = take(size);
    take_others(size);
    free(victim);
    free_others();
    free(accuse(victim));
}

/* A neighbour stays, and keeps the slab. */
static void in_slab(size_t size)
{
    void *stays = take(size);
    free(victim = take(size));
    malloc_trim(0);
    free(accuse(victim));
    free(stays);
}

static void slab_gone(size_t size)
{
    take_others(size);
    victim = others[MANY / 2];
    free_others();
    malloc_trim(0);
    free(accuse(victim));
}

static void mallocs_of_others_between(size_t size)
{
    free(victim = take(size));
    for (size_t i = 0; i < MANY; i++)
        others[i] = take(size * 4 + 16 * i % 256);
    free(accuse(victim));
}

static void *free_it(void *p)
{
    free(p);
    return NULL;
}

static void *free_and_stay(void *p)
{
    free(p);
    pthread_barrier_wait(&step);
    pthread_barrier_wait(&step);
    return NULL;
}

static pthread_t beside(void *(*body)(void *), void *argument)
{
    pthread_t thread;
    pthread_barrier_init(&step, NULL, 2);
    pthread_create(&thread, NULL, body, argument);
    return thread;
}

static void in_outbox_then_here(size_t size)
{
    beside(free_and_stay, victim = take(size));
    pthread_barrier_wait(&step);
    free(accuse(victim));
}

static void *free_twice(void *p)
{
    free(p);
    free(accuse(p));
    return NULL;
}

static void in_outbox_then_there(size_t size)
{
    pthread_join(beside(free_twice, victim = take(size)), NULL);
}

/* Behind another block of its class, where frees need no slow path. */
static void *free_one_then_stay(void *p)
{
    free(others[0]);
    return free_and_stay(p);
}

static void behind_others_in_outbox_then_here(size_t size)
{
    others[0] = take(size);
    beside(free_one_then_stay, victim = take(size));
    pthread_barrier_wait(&step);
    free(accuse(victim));
}

static void *free_one_then_twice(void *p)
{
    free(others[0]);
    return free_twice(p);
}

static void behind_others_in_outbox_then_there(size_t size)
{
    others[0] = take(size);
    pthread_join(beside(free_one_then_twice, victim = take(size)), NULL);
}

static void in_outbox_then_third(size_t size)
{
    beside(free_and_stay, victim = take(size));
    pthread_barrier_wait(&step);
    pthread_t third;
    pthread_create(&third, NULL, free_it, accuse(victim));
    pthread_join(third, NULL);
}

static void *free_all_and_stay(void *p)
{
    free(p);
    free_others();
    return free_and_stay(NULL);
}

static void in_inbox_then_here(size_t size)
{
    victim = take(size);
    take_others(size);
    beside(free_all_and_stay, victim);
    pthread_barrier_wait(&step);
    free(accuse(victim));
}

static void in_inbox_of_ended_then_here(size_t size)
{
    pthread_join(beside(free_it, victim = take(size)), NULL);
    free(accuse(victim));
}

static void collected_then_here(size_t size)
{
    victim = take(size);
    take_others(size);
    pthread_t thread = beside(free_all_and_stay, victim);
    pthread_barrier_wait(&step);
    pthread_barrier_wait(&step);
    pthread_join(thread, NULL);
    malloc_trim(0);
    free(accuse(victim));
}

static void *take_victim(void *size)
{
    victim = take((size_t)size);
    return NULL;
}

static void *take_all(void *size)
{
    victim = take((size_t)size);
    take_others((size_t)size);
    return NULL;
}

static void of_orphan_in_outbox(size_t size)
{
    pthread_join(beside(take_victim, (void *)size), NULL);
    free(victim);
    free(accuse(victim));
}

/* So many that the orphan's inbox is emptied into its slabs. */
static void of_orphan_in_its_inbox(size_t size)
{
    pthread_join(beside(take_all, (void *)size), NULL);
    free(victim);
    free_others();
    free(accuse(victim));
}

static void *take_and_free(void *size)
{
    free(victim = take((size_t)size));
    return NULL;
}

static void of_orphan_in_its_slab(size_t size)
{
    pthread_join(beside(take_and_free, (void *)size), NULL);
    free(accuse(victim));
}

static void after_adoption(size_t size)
{
    pthread_join(beside(take_victim, (void *)size), NULL);
    pthread_join(beside(free_twice, victim), NULL);
}

static void *free_accused(void *p)
{
    free(accuse(p));
    return NULL;
}

static void freed_then_adopted(size_t size)
{
    pthread_join(beside(take_and_free, (void *)size), NULL);
    pthread_join(beside(free_accused, victim), NULL);
}

/* The child's end becomes ours. */
static void in_child(void (*body)(void *))
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        body(victim);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    if (WIFSIGNALED(status))
        raise(WTERMSIG(status));
}

static void free_once_more(void *p)
{
    free(accuse(p));
}

static void free_two_times(void *p)
{
    free(p);
    free(accuse(p));
}

static void freed_then_fork(size_t size)
{
    free(victim = take(size));
    in_child(free_once_more);
}

static void fork_then_twice(size_t size)
{
    victim = take(size);
    in_child(free_two_times);
}

static void *take_and_stay(void *size)
{
    victim = take((size_t)size);
    return free_and_stay(NULL);
}

/* In the child the other thread is gone, and its heap an orphan. */
static void of_other_thread_fork_then_twice(size_t size)
{
    beside(take_and_stay, (void *)size);
    pthread_barrier_wait(&step);
    in_child(free_two_times);
}

static void *take_free_and_stay(void *size)
{
    free(victim = take((size_t)size));
    return free_and_stay(NULL);
}

static void freed_by_other_thread_then_fork(size_t size)
{
    beside(take_free_and_stay, (void *)size);
    pthread_barrier_wait(&step);
    in_child(free_once_more);
}

static void realloc_moved(size_t size)
{
    victim = take(size);
    void *wall = take(size);
    if (realloc(victim, size * 64) != victim)
        free(accuse(victim));
    free(wall);
}

static void realloc_to_nothing(size_t size)
{
    victim = take(size);
    if (!realloc(victim, 0))
        free(accuse(victim));
}

static void realloc_of_freed(size_t size)
{
    free(victim = take(size));
    *(volatile char *)realloc(accuse(victim), size + 1) = 1;
}

static void usable_size_of_freed(size_t size)
{
    free(victim = take(size));
    opaque_size(malloc_usable_size(accuse(victim)));
}

static void from_calloc(size_t size)
{
    free(victim = calloc(1, size));
    free(accuse(victim));
}

static void from_reallocarray(size_t size)
{
    free(victim = reallocarray(NULL, 2, size));
    free(accuse(victim));
}

static void aligned_64(size_t size)
{
    free(victim = aligned_alloc(64, size));
    free(accuse(victim));
}

static void aligned_page(size_t size)
{
    free(victim = memalign(4096, size));
    free(accuse(victim));
}

static void aligned_mebibyte(size_t size)
{
    free(victim = memalign(1 << 20, size));
    free(accuse(victim));
}

static void trimmed(size_t size)
{
    free(victim = take(size));
    malloc_trim(0);
    free(accuse(victim));
}

static pthread_key_t key;

/* The last of four rounds: the thread's heap is gone, and its frees are the shared heap's. */
static void late(void *round)
{
    if ((size_t)round < 4)
        pthread_setspecific(key, (char *)round + 1);
    else
        free(victim);
}

static void *end_late(void *unused)
{
    pthread_setspecific(key, (void *)1);
    return take(16) ? unused : unused;
}

static void freed_at_a_threads_end(size_t size)
{
    victim = take(size);
    pthread_key_create(&key, late);
    pthread_join(beside(end_late, NULL), NULL);
    free(accuse(victim));
}

static void late_takes(void *round)
{
    if ((size_t)round < 4)
        pthread_setspecific(key, (char *)round + 1);
    else
        victim = take(48);
}

static void of_the_shared_heap(size_t size)
{
    (void)size;
    pthread_key_create(&key, late_takes);
    pthread_join(beside(end_late, NULL), NULL);
    free(victim);
    free(accuse(victim));
}

#define SIZES(name, act)                                                                           \
    {name, act, 16}, {name, act, 64}, {name, act, 1000}, {name, act, 5000},                        \
    {                                                                                              \
        name, act, 30000                                                                           \
    }
#define SOME(name, act)                                                                            \
    {name, act, 24},                                                                               \
    {                                                                                              \
        name, act, 2000                                                                            \
    }

static const struct misuse_case cases[] = {
    SIZES("in the thread's magazine", in_magazine),
    SIZES("in the depot", in_depot),
    SIZES("in its slab, which stays", in_slab),
    SIZES("in its slab, which went back", slab_gone),
    SIZES("mallocs of other sizes between", mallocs_of_others_between),
    SIZES("in another's outbox, then by the owner", in_outbox_then_here),
    SIZES("in another's outbox, then by the same", in_outbox_then_there),
    SIZES("in another's outbox, then by a third", in_outbox_then_third),
    SIZES("second in an outbox, then by the owner", behind_others_in_outbox_then_here),
    SIZES("second in an outbox, then by the same", behind_others_in_outbox_then_there),
    SIZES("in the inbox, then by the owner", in_inbox_then_here),
    SIZES("in the inbox, freed by an ended thread", in_inbox_of_ended_then_here),
    SIZES("collected from the inbox, then by the owner", collected_then_here),
    SIZES("an orphan's, in the outbox", of_orphan_in_outbox),
    SIZES("an orphan's, in its inbox", of_orphan_in_its_inbox),
    SIZES("an orphan's, in its slab", of_orphan_in_its_slab),
    SIZES("an adopted heap's", after_adoption),
    SIZES("freed, adopted, freed", freed_then_adopted),
    SIZES("freed, fork, freed in the child", freed_then_fork),
    SIZES("fork, freed twice in the child", fork_then_twice),
    SIZES("another thread's, fork, twice in the child", of_other_thread_fork_then_twice),
    SIZES("freed by another thread, fork, freed", freed_by_other_thread_then_fork),
    SOME("freed by a thread at its very end", freed_at_a_threads_end),
    {"the shared heap's", of_the_shared_heap, 48},
    SOME("moved by realloc, then freed", realloc_moved),
    SOME("freed by realloc to 0", realloc_to_nothing),
    SOME("realloc of a freed block", realloc_of_freed),
    SOME("malloc_usable_size of a freed block", usable_size_of_freed),
    SOME("from calloc", from_calloc),
    SOME("from reallocarray", from_reallocarray),
    {"from aligned_alloc, 64", aligned_64, 192},
    {"from memalign, 4096", aligned_page, 5000},
    {"from memalign, 4096, large", aligned_page, 100000},
    {"from memalign, 1 MiB", aligned_mebibyte, 3000},
    {"large", in_magazine, 100000},
    {"large", in_magazine, 40 << 20},
    {"large, then malloc_trim", trimmed, 100000},
    {"large, then malloc_trim", trimmed, 40 << 20},
    {"large, from calloc", from_calloc, 100000},
    {"large, by another thread, then here", in_inbox_of_ended_then_here, 100000},
    {"large, fork, freed twice in the child", fork_then_twice, 100000},
    {"large, moved by realloc, then freed", realloc_moved, 100000},
};

int main(int argc, char **argv)
{
    return beside_main(argc, argv, cases, sizeof cases / sizeof *cases);
}
