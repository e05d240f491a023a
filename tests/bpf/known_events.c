/* SPDX-License-Identifier: MIT */
/* Events are counted exactly, timed rightly, and only for the process that is watched. */
#include <stdio.h>
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
    for (int kind = 0; kind < SLOW_PATH_PAGE_FAULT; kind++)
        promise(sum(&report->kind[kind], 0, SLOW_PATH_BUCKETS) == report->kind[kind].count,
                "%s: the histogram holds every event", slow_path_names[kind]);
    promise(sum(&report->kind[SLOW_PATH_PAGE_FAULT], 0, SLOW_PATH_BUCKETS) == 0,
            "page faults have no latency");
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
}

static void expect_known(const struct slow_path_report *report, int purges)
{
    expect_count(report, SLOW_PATH_REFILL, FIXTURE_REFILLS);
    expect_count(report, SLOW_PATH_OVERFLOW, FIXTURE_OVERFLOWS);
    expect_count(report, SLOW_PATH_ARENA, FIXTURE_OVERFLOWS);
    expect_count(report, SLOW_PATH_REMOTE_COLLECT, (uint64_t)FIXTURE_THREADS * FIXTURE_COLLECTS);
    expect_count(report, SLOW_PATH_REMOTE_PUBLISH,
                 FIXTURE_PUBLISHES_OF_1 + FIXTURE_PUBLISHES_OF_63 + FIXTURE_PUBLISHES_OF_64);
    expect_count(report, SLOW_PATH_PURGE, (uint64_t)purges);
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

int main(int argc, char **argv)
{
    struct slow_path_report report;
    int status;
    char why[256] = "";
    if (argc < 2)
        return 2;
    pid_t bystander = start_bystander(argv[1]);
    bool watched = watched_run(argv[1], NULL, UNBOUNDED, (char *[]){argv[1], "known", NULL},
                               &report, &status, why);
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

    watched = watched_run(argv[1], NULL, UNBOUNDED, (char *[]){argv[1], "exec", NULL}, &report,
                          &status, why);
    if (promise(watched && status == 0, "a program that executes another is watched %s", why))
        expect_known(&report, FIXTURE_PURGES + FIXTURE_PURGES_AFTER_EXEC);
    return promises_end();
}
