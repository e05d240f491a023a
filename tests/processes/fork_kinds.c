/* SPDX-License-Identifier: MIT */
/*
 * Every way to a new process, while threads churn: from a thread that never allocated, by children
 * that make threads and fork again, in lines of twenty, by vfork and by clone in the parent's own
 * memory. Each child allocates every size, frees blocks that its parent and the parent's other
 * threads allocated, and ends by exit or _exit.
 *
 *     fork_kinds [forks] [threads]
 */
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/child.h"
#include "support/churn.h"
#include "support/process.h"
#include "support/promise.h"

enum {
    CHILD_SECONDS = 20,
    WATCHDOG_SECONDS = 300,
    STACK_BYTES = 256 * 1024,
    BLOCKS = 1000,
    GENERATIONS = 20,
};

extern pid_t _Fork(void) __attribute__((weak)); /* glibc 2.34 */

static unsigned long forks, threads;
static char *blocks[BLOCKS];

static size_t size_of(int i)
{
    return i % 100 == 0 ? 50000 + (size_t)i * 100 : 1 + (size_t)i * 33;
}

static void fill(void)
{
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i] = malloc(size_of(i));
        memset(blocks[i], i, size_of(i));
    }
}

/* Frees what the parent allocated; false where it was changed. */
static bool free_filled(void)
{
    bool fine = true;
    for (int i = 0; i < BLOCKS; i++) {
        fine = fine && blocks[i][0] == (char)i && blocks[i][size_of(i) - 1] == (char)i;
        free(blocks[i]);
    }
    return fine;
}

static void be_a_child(unsigned long number)
{
    alarm(CHILD_SECONDS);
    if (!free_filled() || !churn_in_child(number + 1))
        _exit(3);
    if (number % 2 == 0)
        exit(0);
    _exit(0);
}

static unsigned long fork_often(void)
{
    unsigned long clean = 0;
    for (unsigned long i = 0; i < forks && clean == i; i++) {
        pid_t pid = fork();
        if (pid == 0)
            be_a_child(i);
        clean += child_wait_clean(pid, CHILD_SECONDS);
    }
    return clean;
}

/* Its first call of malloc is the child's. */
static void *only_forks(void *clean)
{
    *(unsigned long *)clean = fork_often();
    return clean;
}

static void from_a_thread_without_heap(void)
{
    pthread_t thread;
    unsigned long clean = 0;
    churn_begin(threads);
    if (pthread_create(&thread, NULL, only_forks, &clean) == 0)
        pthread_join(thread, NULL);
    churn_end();
    promise(clean == forks, "from a thread that never allocated: %lu of %lu children ended clean",
            clean, forks);
}

/* Children of children, each with threads of its own. */
static void have_threads_and_children(void)
{
    unsigned long clean = 0;
    if (!churn_begin(threads))
        _exit(4);
    clean = fork_often();
    churn_end();
    if (clean != forks || !free_filled())
        _exit(5);
    exit(0);
}

static void by_a_child_with_threads(void)
{
    unsigned clean = 0, children = 2;
    churn_begin(threads);
    for (unsigned i = 0; i < children; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            alarm(4 * CHILD_SECONDS);
            have_threads_and_children();
        }
        clean += child_wait_clean(pid, 4 * CHILD_SECONDS);
    }
    churn_end();
    promise(clean == children, "children that make threads and fork: %u of %u ended clean", clean,
            children);
}

static int generation(unsigned left)
{
    alarm(4 * CHILD_SECONDS);
    if (!churn_in_child(left + 1) || !churn_begin(2))
        return 3;
    pid_t pid = left > 0 ? fork() : -1;
    if (pid == 0)
        _exit(generation(left - 1));
    churn_end();
    bool fine = left == 0 || child_wait_clean(pid, 4 * CHILD_SECONDS);
    return fine && free_filled() ? 0 : 6;
}

static void in_a_line(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(generation(GENERATIONS));
    promise(child_wait_clean(pid, 4 * CHILD_SECONDS), "%d generations, each with two threads",
            GENERATIONS);
}

/* In the parent's memory, on its thread's behalf while that waits. */
static int in_same_memory(void *unused)
{
    (void)unused;
    char *mine = malloc(100);
    free(blocks[1]);
    blocks[1] = malloc(size_of(1));
    memset(blocks[1], 1, size_of(1));
    free(mine);
    return blocks[1] && mine ? 0 : 3;
}

static void by_clone(const char *name, int flags)
{
    unsigned long clean = 0;
    char *stack = malloc(STACK_BYTES);
    churn_begin(threads);
    for (unsigned long i = 0; i < forks && clean == i; i++)
        clean += child_wait_clean(clone(in_same_memory, stack + STACK_BYTES, flags | SIGCHLD, NULL),
                                  CHILD_SECONDS);
    churn_end();
    free(stack);
    promise(clean == forks, "%s: %lu of %lu children ended clean", name, clean, forks);
}

static pid_t vfork_and_exec(void)
{
    static char *const true_program[] = {"/bin/true", NULL};
    pid_t pid = vfork();
    if (pid == 0) {
        free(opaque(malloc(5000)));
        execv(true_program[0], true_program);
        _exit(127);
    }
    return pid;
}

static void by_vfork(void)
{
    unsigned long clean = 0;
    churn_begin(threads);
    for (unsigned long i = 0; i < forks && clean == i; i++)
        clean += child_wait_clean(vfork_and_exec(), CHILD_SECONDS);
    churn_end();
    promise(clean == forks, "vfork, malloc and exec: %lu of %lu", clean, forks);
}

/* Runs no handlers: all it may be used for in a program of several threads is to execute another.
 */
static void by_Fork(void)
{
    if (!_Fork) {
        note("this C library has no _Fork");
        return;
    }
    unsigned long clean = 0;
    for (unsigned long i = 0; i < forks && clean == i; i++) {
        pid_t pid = _Fork();
        if (pid == 0)
            be_a_child(i);
        clean += child_wait_clean(pid, CHILD_SECONDS);
    }
    promise(clean == forks, "_Fork in a program of one thread: %lu of %lu", clean, forks);
}

int main(int argc, char **argv)
{
    forks = argument_or(argc, argv, 1, 30);
    threads = argument_or(argc, argv, 2, 3);
    under_hakmem();
    alarm(WATCHDOG_SECONDS);
    fill();
    from_a_thread_without_heap();
    by_a_child_with_threads();
    in_a_line();
    by_clone("clone with shared memory, waiting as vfork does", CLONE_VM | CLONE_VFORK);
    by_clone("clone with shared memory", CLONE_VM);
    by_vfork();
    by_Fork();
    promise(free_filled(), "the parent's blocks are as they were");
    return promises_end();
}
