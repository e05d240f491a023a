/* SPDX-License-Identifier: MIT */
/*
 * Every system call of the allocator fails in turn: only the nth of its kind, every nth, and all
 * from the nth on, for n = 1, 2, ... until a run in which none did, while programs allocate.
 * Promised: NULL with ENOMEM or success, no crash, no hang, no block lost or overlapping; and when
 * calls no longer fail everything works, the arena's records agree and memory has come back.
 *
 *     faults quick|slow [SCENARIO [CALL]]      n up to 500; quick passes over most beyond a few
 *     faults one SCENARIO CALL PATTERN N       one trial, in this process
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena_check.h"
#include "export.h"
#include "faults.h"
#include "heap.h"
#include "scenario.h"
#include "support/process.h"
#include "support/promise.h"

#include <pthread.h>

enum { N_MAX = 500, TRIAL_SECONDS = 30, BROKEN_MAX = 5 };

int hakmem_malloc_trim(size_t keep);

/* What a trial's process tells the one that started it. */
static struct report {
    unsigned long fired;
    char text[160];
} * report;

static const struct scenario *const scenarios[] = {
    &scenario_mixed,    &scenario_large,    &scenario_huge,   &scenario_purge,
    &scenario_overflow, &scenario_threads,  &scenario_shadow, &scenario_shadow_threads,
    &scenario_fork,     &scenario_counters, &scenario_api};

enum { SCENARIOS = sizeof scenarios / sizeof *scenarios };

_Noreturn void broken(const char *what, size_t detail)
{
    faults_end();
    snprintf(report->text, sizeof report->text, "%s (%zu)", what, detail);
    fprintf(stderr, "broken: %s\n", report->text);
    _exit(1);
}

/* A block of every size of slabs, and large ones. */
static void *use_everything(void *argument)
{
    struct stamped blocks[24];
    for (int i = 0; i < 24; i++) {
        size_t bytes = ((size_t)16 << i / 2) + (i % 2 ? 100 : 0);
        void *p = i % 3 ? hakmem_malloc(bytes) : hakmem_calloc(1, bytes);
        require(p, "after the faults nothing is refused");
        stamp(&blocks[i], p, bytes);
    }
    for (int i = 0; i < 24; i++)
        free_stamped(&blocks[i]);
    return NULL;
}

static void everything_works(void)
{
    pthread_t thread;
    use_everything(NULL);
    require(hak_heap_attach(), "after the faults a thread gets a heap");
    hakmem_malloc_trim(0); /* addresses that lost their memory are anybody's, a stack's too */
    require(pthread_create(&thread, NULL, use_everything, NULL) == 0, "a thread starts");
    pthread_join(thread, NULL);
}

static void memory_comes_back(const struct scenario *scenario)
{
    if (scenario->leaks)
        return;
    for (int i = 0; i < 2; i++) /* what one thread hands back to another arrives at the second */
        hakmem_malloc_trim(0);
    arena_check_empty(!scenario->has_threads);
}

static void run_trial(const struct scenario *scenario, struct fault_plan plan)
{
    alarm(TRIAL_SECONDS);
    faults_begin((struct fault_plan){.n = 0});
    if (scenario->prepare)
        scenario->prepare();
    faults_begin(plan);
    scenario->run();
    report->fired = faults_end();
    arena_check();
    if (scenario->finish)
        scenario->finish();
    arena_check();
    everything_works();
    memory_comes_back(scenario);
}

/* Returns how many faults fired; says what went wrong. */
static unsigned long trial(const struct scenario *scenario, struct fault_plan plan)
{
    static const struct rlimit no_core = {0, 0};
    int status = 0;
    *report = (struct report){0};
    pid_t child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &no_core);
        run_trial(scenario, plan);
        _exit(0);
    }
    waitpid(child, &status, 0);
    if (status != 0 || child < 0)
        promise(false, "%s, %s, %s %lu: %s", scenario->name, fault_call_names[plan.call],
                fault_pattern_names[plan.pattern], plan.n,
                report->text[0]                                      ? report->text
                : WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? "hangs"
                : WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status))
                                      : "ended early");
    return status == 0 ? report->fired : ~0ul;
}

/* All of them where a trial is short; else ever fewer. */
static unsigned long next_n(unsigned long n, bool all, const struct scenario *scenario,
                            enum fault_pattern pattern)
{
    static const unsigned long dense[] = {10, 8, 3};
    if (all)
        return scenario->weight < 2 || n < 60 ? n + 1 : n + n / 8;
    if (n < dense[scenario->weight] || (scenario->weight == 0 && pattern == FAULT_ONLY && n < 60))
        return n + 1;
    return scenario->weight < 2 ? n + n / 2 : n * 4;
}

struct total {
    unsigned long trials, faults, broken, last;
};

static void run_pattern(const struct scenario *scenario, struct fault_plan plan, bool all,
                        struct total *total)
{
    for (; plan.n <= N_MAX && total->broken < BROKEN_MAX;
         plan.n = next_n(plan.n, all, scenario, plan.pattern)) {
        unsigned long fired = trial(scenario, plan);
        total->trials++;
        total->broken += fired == ~0ul;
        if (fired == 0)
            return;
        total->faults += fired == ~0ul ? 0 : fired;
        total->last = plan.n > total->last ? plan.n : total->last;
    }
}

static void run_call(const struct scenario *scenario, enum fault_call call, bool all)
{
    struct total total = {0};
    if (!all && scenario->weight == 2 && call != FAULT_MMAP && call != FAULT_ANY)
        return;
    for (int pattern = 0; pattern < FAULT_PATTERNS; pattern++)
        run_pattern(scenario, (struct fault_plan){call, pattern, 1}, all, &total);
    if (total.broken == 0)
        promise(true, "%-14s %-8s n to %3lu: %6lu faults in %4lu runs survived", scenario->name,
                fault_call_names[call], total.last, total.faults, total.trials);
}

static int find(const char *name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    fprintf(stderr, "faults: no %s\n", name);
    exit(2);
}

int main(int argc, char **argv)
{
    const char *names[SCENARIOS];
    report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < SCENARIOS; i++)
        names[i] = scenarios[i]->name;
    if (argc < 2 || report == MAP_FAILED)
        return 2;
    bool all = strcmp(argv[1], "slow") == 0;
    int scenario = argc > 2 ? find(argv[2], names, SCENARIOS) : -1;
    int call = argc > 3 ? find(argv[3], fault_call_names, FAULT_CALLS) : -1;
    if (argc == 6 && strcmp(argv[1], "one") == 0) {
        run_trial(scenarios[scenario],
                  (struct fault_plan){call, find(argv[4], fault_pattern_names, FAULT_PATTERNS),
                                      argument_or(argc, argv, 5, 1)});
        printf("survived %lu faults\n", report->fired);
        return 0;
    }
    for (int s = 0; s < SCENARIOS; s++)
        for (int c = 0; c < FAULT_CALLS; c++)
            if ((scenario < 0 || s == scenario) && (call < 0 || c == call))
                run_call(scenarios[s], c, all);
    return promises_end();
}
