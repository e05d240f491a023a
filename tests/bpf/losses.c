/* SPDX-License-Identifier: MIT */
/* What does not fit into the maps of the kernel is counted as lost, by what it was. */
#include <stdlib.h>

#include "fixture.h"
#include "support/promise.h"
#include "watched_run.h"

enum { UNBOUNDED = 1000 };

static bool run(char *fixture, char *mode, char *argument, struct slow_path_report *report,
                char why[256])
{
    int status = 1;
    struct watched_program program = {.library = fixture,
                                      .budget = UNBOUNDED,
                                      .every_call = argument,
                                      .arguments = (char *[]){fixture, mode, argument, NULL}};
    return watched_run(&program, report, &status, why) && status == 0;
}

static uint64_t sum_of(const struct slow_path_report *report)
{
    uint64_t sum = 0;
    for (int loss = 0; loss < SLOW_PATH_LOSSES; loss++)
        sum += report->lost_by[loss];
    return sum;
}

int main(int argc, char **argv)
{
    struct slow_path_report report;
    char why[256] = "";
    if (argc < 2)
        return 2;
    setenv("HAKMEM_TRACE_MAP_ENTRIES", "1", 1);
    bool watched = run(argv[1], "known", NULL, &report, why);
    if (!watched && is_not_permitted(why)) {
        note("%s", why);
        return TEST_SKIPPED;
    }
    if (!promise(watched, "the fixture is watched with maps of a single entry %s", why))
        return promises_end();
    promise(report.lost_by[SLOW_PATH_LOST_PROCESSES] > 0, "a child too many: %llu lost",
            (unsigned long long)report.lost_by[SLOW_PATH_LOST_PROCESSES]);
    promise(report.lost_by[SLOW_PATH_LOST_THREADS] > 0, "threads too many: %llu events lost",
            (unsigned long long)report.lost_by[SLOW_PATH_LOST_THREADS]);
    promise(report.lost == sum_of(&report), "the losses add up");
    uint64_t collects = report.kind[SLOW_PATH_REMOTE_COLLECT].count;
    promise(collects < (uint64_t)FIXTURE_THREADS * FIXTURE_COLLECTS,
            "what was lost is not counted as seen (%llu collects)", (unsigned long long)collects);
    slow_path_forget(&report);

    /* One entry more: the watcher measures what a call costs on itself, beside the program. */
    setenv("HAKMEM_TRACE_MAP_ENTRIES", "2", 1);
    if (!promise(run(argv[1], "calls", "1000", &report, why), "and so is every call %s", why))
        return promises_end();
    promise(report.kind[SLOW_PATH_MALLOC].count == 1000, "each call is counted");
    promise(report.lost_by[SLOW_PATH_LOST_SIZES] > 0 && report.size_count > 0 &&
                report.size_count < FIXTURE_SIZES &&
                report.sizes[0].count + report.lost_by[SLOW_PATH_LOST_SIZES] <= 1000,
            "sizes too many: %llu calls lost",
            (unsigned long long)report.lost_by[SLOW_PATH_LOST_SIZES]);
    slow_path_forget(&report);
    return promises_end();
}
