/* SPDX-License-Identifier: MIT */
/* Scenarios of several processes: forks while threads are at work, and counters kept in a file. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena_check.h"
#include "counters.h"
#include "export.h"
#include "faults.h"
#include "folder.h"
#include "heap.h"
#include "scenario.h"
#include "support/process.h"

enum { SLOTS = 32, FORKS = 3, CHURNERS = 2, CHILD_SECONDS = 20 };

static _Atomic(void *) exchange[SLOTS];
static atomic_bool stop;

static void swap_one(uint64_t r)
{
    size_t bytes = r % 32 == 0 ? 90000 : 1 + r % 900;
    unsigned char *p = or_no_memory(hakmem_malloc(bytes));
    if (p)
        p[0] = p[bytes - 1] = 1;
    hakmem_free(atomic_exchange(&exchange[r >> 20 & (SLOTS - 1)], p));
}

static void empty_exchange(void)
{
    for (int i = 0; i < SLOTS; i++)
        hakmem_free(atomic_exchange(&exchange[i], NULL));
}

static void *churn(void *argument)
{
    uint64_t seed = (uintptr_t)argument + 11;
    while (!atomic_load(&stop)) {
        swap_one(random_next(&seed));
        usleep(20);
    }
    return NULL;
}

static void *swap_some(void *argument)
{
    uint64_t seed = (uintptr_t)argument + 5;
    for (int i = 0; i < 100; i++)
        swap_one(random_next(&seed));
    return NULL;
}

/* What a program does in a child, while calls fail there too; then without. */
static _Noreturn void live_as_child(bool watched)
{
    pthread_t thread;
    alarm(CHILD_SECONDS);
    swap_some((void *)1);
    require(pthread_create(&thread, NULL, swap_some, (void *)2) == 0, "a child starts a thread");
    pthread_join(thread, NULL);
    faults_end();
    swap_some((void *)3);
    empty_exchange();
    arena_check_forked();
    require(!watched || hak_counters->pid == (uint64_t)getpid(), "a child counts for itself");
    _exit(0);
}

static void fork_one(void)
{
    int status;
    bool watched = hak_heap_watches_forks();
    pid_t child = fork();
    if (child == 0)
        live_as_child(watched);
    require(child > 0 && waitpid(child, &status, 0) == child, "a child starts");
    if (WIFSIGNALED(status))
        broken("a child ends well, not by signal", (size_t)WTERMSIG(status));
    require(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a child ends well");
}

static void run_fork(void)
{
    pthread_t churners[CHURNERS];
    atomic_store(&stop, false);
    swap_some(NULL);
    for (uintptr_t i = 0; i < CHURNERS; i++)
        require(pthread_create(&churners[i], NULL, churn, (void *)i) == 0, "a thread starts");
    for (int i = 0; i < FORKS; i++) {
        swap_some((void *)(uintptr_t)i);
        if (hak_heap_watches_forks()) /* or a lock may be held in the child for good */
            fork_one();
    }
    atomic_store(&stop, true);
    for (int i = 0; i < CHURNERS; i++)
        pthread_join(churners[i], NULL);
}

static char folder[64];
static uint64_t counted_as; /* by the header, before there are children; 0: not started */

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/hakmem-faults-XXXXXX");
    require(mkdtemp(folder), "a folder for counters");
    setenv("HAKMEM_COUNTERS_DIR", folder, 1);
}

static void run_counters(void)
{
    swap_some((void *)7);
    if (hak_heap_watches_forks())
        hak_counters_publish();
    swap_some((void *)8);
    counted_as = hak_counters->pid;
    fork_one();
    fork_one();
    swap_some((void *)9);
}

static void finish_counters(void)
{
    unsigned files;
    require(hak_counters->pid == counted_as, "a child counts into no file of its parent's");
    empty_exchange();
    require(folder_remove(folder, &files) && files <= 3, "a file for each process at the most");
}

const struct scenario scenario_fork = {
    .name = "fork", .run = run_fork, .finish = empty_exchange, .has_threads = true, .weight = 1};
const struct scenario scenario_counters = {.name = "counters",
                                           .prepare = make_folder,
                                           .run = run_counters,
                                           .finish = finish_counters,
                                           .weight = 1};
