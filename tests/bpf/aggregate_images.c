/* SPDX-License-Identifier: MIT */
/*
 * A program that executes itself over and over has another place in memory each time; each of its
 * samples must be passed on while the mappings of its own image are known. So must those of
 * children that ended before the next reading.
 *
 *     bpf_aggregate_images [exec|fork N]    a number: it is the program itself
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sampled_run.h"
#include "support/process.h"
#include "support/promise.h"
#include "watched_run.h"

enum { GENERATIONS = 25, MAPPINGS = 4096 };

static void spin(double seconds)
{
    double end = seconds_now() + seconds;
    while (seconds_now() < end) {
        for (volatile int i = 0; i < 10000; i++)
            continue;
    }
}

static int generation(char **argv)
{
    int left = atoi(argv[2]);
    bool is_exec = strcmp(argv[1], "exec") == 0;
    if (!is_exec && left > 0) {
        pid_t child = fork();
        if (child != 0) {
            waitpid(child, NULL, 0);
            return 0;
        }
    }
    spin(0.012);
    if (left == 0)
        return 0;
    char next[16];
    snprintf(next, sizeof next, "%d", left - 1);
    execl("/proc/self/exe", argv[0], argv[1], next, NULL);
    return 1;
}

/* What is mapped where, of one process at a time and its descendants. */
struct seen {
    struct mapping_record mappings[MAPPINGS];
    size_t count;
    uint64_t homeless, user;
    unsigned execs, forks;
};

static void on_map(void *context, const struct mapping_record *mapping)
{
    struct seen *seen = context;
    if (seen->count < MAPPINGS)
        seen->mappings[seen->count++] = *mapping;
}

static void on_exec(void *context, pid_t pid)
{
    struct seen *seen = context;
    size_t kept = 0;
    seen->execs++;
    for (size_t i = 0; i < seen->count; i++) {
        if (seen->mappings[i].pid != pid)
            seen->mappings[kept++] = seen->mappings[i];
    }
    seen->count = kept;
}

static void on_fork(void *context, pid_t parent, pid_t child)
{
    struct seen *seen = context;
    size_t count = seen->count;
    seen->forks++;
    for (size_t i = 0; i < count && seen->count < MAPPINGS; i++) {
        if (seen->mappings[i].pid == parent) {
            seen->mappings[seen->count] = seen->mappings[i];
            seen->mappings[seen->count++].pid = child;
        }
    }
}

static void on_sample(void *context, const struct time_sample *sample)
{
    struct seen *seen = context;
    bool is_home = false;
    if (sample->in_kernel)
        return;
    for (size_t i = 0; i < seen->count; i++) {
        const struct mapping_record *mapping = &seen->mappings[i];
        is_home |= mapping->pid == sample->pid && sample->address >= mapping->start &&
                   sample->address - mapping->start < mapping->length;
    }
    seen->user += sample->count;
    seen->homeless += is_home ? 0 : sample->count;
}

static void on_fault(void *context, const struct fault_sample *sample)
{
}

static int expect_homes(char *program, char *kind, struct seen *seen)
{
    char generations[16], why[256] = "", *arguments[] = {program, kind, generations, NULL};
    struct sampler_sink sink = {seen, on_sample, on_fault, on_map, on_fork, on_exec};
    struct sampler_totals totals = {0};
    uint64_t taken = 0;
    snprintf(generations, sizeof generations, "%d", GENERATIONS - 1);
    *seen = (struct seen){0};
    if (!sampled_run(&sink, arguments, &totals, &taken, why)) {
        if (is_not_permitted(why)) {
            note("%s", why);
            return TEST_SKIPPED;
        }
        promise(false, "the program is sampled: %s", why);
        return 1;
    }
    promise(totals.aggregated && totals.lost == 0 && totals.samples == taken,
            "%s: %llu samples taken, %llu passed on, %llu lost", kind, (unsigned long long)taken,
            (unsigned long long)totals.samples, (unsigned long long)totals.lost);
    promise(seen->execs >= GENERATIONS, "%s: %u execs, %u forks are seen", kind, seen->execs,
            seen->forks);
    promise(seen->user > 200, "%s: there are samples enough: %llu", kind,
            (unsigned long long)seen->user);
    /* The vdso is no file's mapping; the clock is read there between the turns of the loop. */
    promise(seen->homeless * 50 < seen->user, "%s: %llu of them lie where nothing is mapped", kind,
            (unsigned long long)seen->homeless);
    return 0;
}

int main(int argc, char **argv)
{
    static struct seen seen;
    char program[4096];
    ssize_t bytes = readlink("/proc/self/exe", program, sizeof program - 1);
    if (argc > 2)
        return generation(argv);
    if (bytes <= 0)
        return 2;
    program[bytes] = '\0';
    int result = expect_homes(program, "exec", &seen);
    if (result == 0)
        result = expect_homes(program, "fork", &seen);
    return result ? result : promises_end();
}
