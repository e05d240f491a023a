/* SPDX-License-Identifier: MIT */
/* Events are counted exactly, timed rightly, and only for the process that is watched. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "support/promise.h"
#include "watched_run.h"

enum { UNBOUNDED = 1000 };

static void expect_count(const struct slow_path_report *report, int kind, uint64_t count)
{
    const struct slow_path_events *events = &report->kind[kind];
    promise(events->watched && !events->cut_short, "%s was watched to the end",
            slow_path_names[kind]);
    promise(events->count == count, "%s: %llu events (counted %llu)", slow_path_names[kind],
            (unsigned long long)count, (unsigned long long)events->count);
}

static uint64_t sum(const struct slow_path_events *events, int from, int to)
{
    uint64_t count = 0;
    for (int bucket = from; bucket < to; bucket++)
        count += events->histogram[bucket];
    return count;
}

static void expect_latency(const struct slow_path_report *report)
{
    const struct slow_path_events *refill = &report->kind[SLOW_PATH_REFILL];
    promise(sum(refill, 0, 17) == 0, "no refill is timed shorter than it was");
    promise(refill->histogram[17] > FIXTURE_REFILLS / 2,
            "most refills fall into their bucket (%llu of %d)",
            (unsigned long long)refill->histogram[17], FIXTURE_REFILLS);
    promise(refill->total >= (uint64_t)FIXTURE_REFILLS * FIXTURE_REFILL_NS,
            "they sum up to what they took");
    for (int kind = 0; kind < SLOW_PATH_MALLOC; kind++) {
        const struct slow_path_events *events = &report->kind[kind];
        if (kind == SLOW_PATH_PAGE_FAULT && !events->timed)
            promise(events->total == 0 && sum(events, 0, SLOW_PATH_BUCKETS) == 0,
                    "faults that are not timed have no latency");
        else
            promise(sum(events, 0, SLOW_PATH_BUCKETS) == events->count &&
                        events->max <= events->total && (events->max > 0) == (events->count > 0),
                    "%s: the histogram holds every event", slow_path_names[kind]);
    }
}

static void expect_classes(const struct slow_path_report *report)
{
    const struct slow_path_class *refill = report->by_class[SLOW_PATH_REFILL];
    const struct slow_path_class *overflow = report->by_class[SLOW_PATH_OVERFLOW];
    uint64_t refills = 0, total = 0;
    promise(refill[7].count == FIXTURE_REFILLS_OF_7 &&
                refill[3].count == FIXTURE_REFILLS - FIXTURE_REFILLS_OF_7,
            "refills of classes 3 and 7: %llu and %llu", (unsigned long long)refill[3].count,
            (unsigned long long)refill[7].count);
    promise(refill[7].total >= (uint64_t)FIXTURE_REFILLS_OF_7 * FIXTURE_REFILL_NS &&
                refill[7].max >= FIXTURE_REFILL_NS && refill[7].max <= refill[7].total,
            "each with its time");
    promise(overflow[3].count == FIXTURE_OVERFLOWS && overflow[7].count == 0,
            "overflows of class 3 alone");
    for (int c = 0; c < SLOW_PATH_CLASSES; c++) {
        refills += refill[c].count;
        total += refill[c].total;
    }
    promise(refills == FIXTURE_REFILLS && total == report->kind[SLOW_PATH_REFILL].total,
            "the classes add up to the whole");
}

static void expect_waits(const struct slow_path_report *report)
{
    const struct slow_path_events *wait = &report->kind[SLOW_PATH_LOCK_WAIT];
    const struct slow_path_events *off = &report->kind[SLOW_PATH_LOCK_OFF_CPU];
    uint64_t slept = (uint64_t)FIXTURE_SLEEPS * FIXTURE_SLEEP_US * 1000;
    expect_count(report, SLOW_PATH_LOCK_WAIT, FIXTURE_WAITS);
    promise(off->watched && off->count >= FIXTURE_SLEEPS && off->count <= FIXTURE_WAITS,
            "in %llu waits the thread left the processor, %d slept", (unsigned long long)off->count,
            FIXTURE_SLEEPS);
    promise(off->total >= slept - slept / 10 && off->total <= wait->total,
            "off the processor for %.1f ms of %.1f ms, asleep for %.1f ms",
            1e-6 * (double)off->total, 1e-6 * (double)wait->total, 1e-6 * (double)slept);
}

/* `maps`: times the fixture maps memory by libc, each with a madvise; libc does so, too. */
static void expect_calls(const struct slow_path_report *report, uint64_t maps)
{
    const struct slow_path_events(*call)[SLOW_PATH_ORIGINS] = report->call;
    promise(call[SLOW_PATH_MADVISE][SLOW_PATH_OF_ARENA].count == FIXTURE_MADVISES_OF_ARENA,
            "madvise in the arena: %llu of %d",
            (unsigned long long)call[SLOW_PATH_MADVISE][SLOW_PATH_OF_ARENA].count,
            FIXTURE_MADVISES_OF_ARENA);
    promise(call[SLOW_PATH_MADVISE][SLOW_PATH_OF_LIBRARY].count == FIXTURE_MADVISES_OF_LIBRARY,
            "by the library elsewhere: %llu of %d",
            (unsigned long long)call[SLOW_PATH_MADVISE][SLOW_PATH_OF_LIBRARY].count,
            FIXTURE_MADVISES_OF_LIBRARY);
    promise(call[SLOW_PATH_MREMAP][SLOW_PATH_OF_PROGRAM].count == FIXTURE_MREMAPS_OF_PROGRAM,
            "mremap by the program: %llu of %d",
            (unsigned long long)call[SLOW_PATH_MREMAP][SLOW_PATH_OF_PROGRAM].count,
            FIXTURE_MREMAPS_OF_PROGRAM);
    for (int c = 0; c < SLOW_PATH_CALLS; c++) {
        const struct slow_path_events *ours = &call[c][SLOW_PATH_OF_LIBRARY];
        if (c == SLOW_PATH_MADVISE)
            continue;
        promise(ours->watched && ours->count == FIXTURE_MAPS &&
                    ours->bytes == (uint64_t)FIXTURE_MAPS * 4096 &&
                    sum(ours, 0, SLOW_PATH_BUCKETS) == FIXTURE_MAPS && ours->total > 0,
                "%s: %llu of %d of the library's, timed", slow_path_call_names[c],
                (unsigned long long)ours->count, FIXTURE_MAPS);
    }
    promise(call[SLOW_PATH_MMAP][SLOW_PATH_OF_PROGRAM].count >= maps &&
                call[SLOW_PATH_MADVISE][SLOW_PATH_OF_PROGRAM].count >= maps,
            "the program's own mmap and madvise calls are not the library's");
}

static void expect_batches(const struct slow_path_report *report)
{
    const struct slow_path_events *publish = &report->kind[SLOW_PATH_REMOTE_PUBLISH];
    promise(publish->histogram[0] == FIXTURE_PUBLISHES_OF_1 &&
                publish->histogram[5] == FIXTURE_PUBLISHES_OF_63 &&
                publish->histogram[6] == FIXTURE_PUBLISHES_OF_64,
            "batches of 1, 63 and 64 blocks fall into buckets 0, 5 and 6");
    promise(publish->total == FIXTURE_PUBLISHES_OF_1 + 63 * FIXTURE_PUBLISHES_OF_63 +
                                  64 * FIXTURE_PUBLISHES_OF_64,
            "and their blocks are summed up");
    const struct slow_path_events *found = &report->kind[SLOW_PATH_REMOTE_FOUND];
    promise(found->histogram[2] == found->count &&
                found->total == FIXTURE_FOUND * (uint64_t)FIXTURE_THREADS * FIXTURE_COLLECTS,
            "and so are those that collects found");
}

static void expect_known(const struct slow_path_report *report, int purges)
{
    expect_count(report, SLOW_PATH_REFILL, FIXTURE_REFILLS);
    expect_count(report, SLOW_PATH_OVERFLOW, FIXTURE_OVERFLOWS);
    expect_count(report, SLOW_PATH_ARENA, FIXTURE_OVERFLOWS);
    expect_count(report, SLOW_PATH_REMOTE_COLLECT, (uint64_t)FIXTURE_THREADS * FIXTURE_COLLECTS);
    expect_count(report, SLOW_PATH_REMOTE_PUBLISH,
                 FIXTURE_PUBLISHES_OF_1 + FIXTURE_PUBLISHES_OF_63 + FIXTURE_PUBLISHES_OF_64);
    expect_count(report, SLOW_PATH_REMOTE_FOUND, (uint64_t)FIXTURE_THREADS * FIXTURE_COLLECTS);
    expect_count(report, SLOW_PATH_PURGE, (uint64_t)purges);
    promise(report->kind[SLOW_PATH_PURGE].bytes == (uint64_t)purges * FIXTURE_PURGE_BYTES,
            "the bytes of purges are summed up");
    expect_count(report, SLOW_PATH_PAGE_FAULT,
                 FIXTURE_PAGES + FIXTURE_READ_PAGES + FIXTURE_CHILD_PAGES);
    promise(report->lost == 0, "nothing was lost");
    promise(report->cost_fraction > 0 && report->cost_fraction < 1,
            "watching cost %.2f %% of the CPU time", 100 * report->cost_fraction);
    promise(report->seconds_watched > 0, "for %.2f s", report->seconds_watched);
}

/* The same program beside it, with the same probes, which nobody asked to watch. */
static pid_t start_bystander(char *program)
{
    pid_t pid = fork();
    if (pid == 0) {
        execl(program, program, "busy", "200000", NULL);
        _exit(95);
    }
    return pid;
}

static bool run(char *fixture, char *mode, struct slow_path_report *report, int *status,
                char why[256])
{
    struct watched_program program = {
        .library = fixture, .budget = UNBOUNDED, .arguments = (char *[]){fixture, mode, NULL}};
    return watched_run(&program, report, status, why);
}

/* A kernel that offers nothing but probes: these are counted as well as ever, and the rest is
 * named. */
static void expect_less(char *fixture)
{
    struct slow_path_report report;
    int status;
    char why[256] = "";
    setenv("HAKMEM_TRACE_LACKING",
           "fexit tracepoints page_fault_user page_fault_kernel sched_switch", 1);
    bool watched = run(fixture, "known", &report, &status, why);
    unsetenv("HAKMEM_TRACE_LACKING");
    if (!promise(watched && status == 0, "the fixture is watched with probes alone %s", why))
        return;
    expect_count(&report, SLOW_PATH_REFILL, FIXTURE_REFILLS);
    expect_count(&report, SLOW_PATH_LOCK_WAIT, FIXTURE_WAITS);
    promise(!report.kind[SLOW_PATH_PAGE_FAULT].watched &&
                !report.kind[SLOW_PATH_LOCK_OFF_CPU].watched &&
                !report.call[SLOW_PATH_MMAP][SLOW_PATH_OF_ARENA].watched,
            "faults, system calls and switches are not watched");
    for (int i = 0; i < SLOW_PATH_INSTRUMENTS; i++)
        promise(!report.how[i].best && *report.how[i].how, "which is said of %s: %s",
                report.how[i].name, report.how[i].how);
}

int main(int argc, char **argv)
{
    struct slow_path_report report;
    int status;
    char why[256] = "";
    if (argc < 2)
        return 2;
    pid_t bystander = start_bystander(argv[1]);
    bool watched = run(argv[1], "known", &report, &status, why);
    waitpid(bystander, NULL, 0);
    if (!watched && is_not_permitted(why)) {
        note("%s", why);
        return TEST_SKIPPED;
    }
    if (!promise(watched, "the fixture is watched %s", why) ||
        !promise(status == 0, "and runs to its end"))
        return promises_end();
    expect_known(&report, FIXTURE_PURGES);
    expect_latency(&report);
    expect_batches(&report);
    expect_classes(&report);
    expect_waits(&report);
    expect_calls(&report, 2);

    watched = run(argv[1], "exec", &report, &status, why);
    if (promise(watched && status == 0, "a program that executes another is watched %s", why)) {
        expect_known(&report, FIXTURE_PURGES + FIXTURE_PURGES_AFTER_EXEC);
        expect_calls(&report, 3);
    }
    expect_less(argv[1]);
    return promises_end();
}
