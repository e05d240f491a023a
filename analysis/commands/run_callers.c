/* SPDX-License-Identifier: MIT */
#include "run_callers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LINES_LOOKED_UP = 20 };

void run_callers_start(struct run_callers *callers, const struct allocator *allocator, pid_t pid,
                       double budget)
{
    struct callers_time_sampling *time = &callers->time;
    time->allocator = allocator;
    time->paths = &callers->paths;
    time->tally = &callers->tally;
    time->attributor = attributor_create(allocator->is_own ? NULL : allocator->library);
    if (!time->attributor)
        snprintf(time->why, sizeof time->why, "%s", strerror(errno));
    else if (!callers_paths_start(&callers->paths, NULL)) /* nothing stands between it and malloc */
        snprintf(time->why, sizeof time->why, "%s", strerror(ENOMEM));
    else
        callers_time_start(time, pid, 0, budget);
    if (time->attributor)
        callers->reader_cpu_s = attributor_cpu_seconds(time->attributor);
}

void run_callers_read(struct run_callers *callers)
{
    callers_time_read(&callers->time);
}

/* What its samples cost is a part of what sampling costs, its reader's time of this tool's. */
static void add_cost(const struct run_callers *callers, struct report *report)
{
    const struct callers_time_sampling *time = &callers->time;
    struct report_overhead *cost = &report->overhead;
    double reader = attributor_cpu_seconds(time->attributor) - callers->reader_cpu_s;
    double ns = time->sampling.overhead.sample_ns * (double)time->totals.samples;
    if (!report->overhead_measured)
        return;
    cost->sampling += ns / (1e9 * report->cpu_s);
    cost->tool += reader / report->cpu_s;
    cost->total += (ns / 1e9 + reader) / report->cpu_s;
}

void run_callers_report(struct run_callers *callers, struct report *report)
{
    struct callers_time_sampling *time = &callers->time;
    struct callers_report *to = &callers->report;
    if (!time->attributor)
        return;
    callers_time_finish(time);
    if (time->no_memory ||
        !callers_tally_measure(&callers->tally, callers->paths.items, callers->paths.count, to)) {
        report_note(report, "no call paths of malloc's time: %s", strerror(ENOMEM));
        return;
    }
    if (time->why[0]) {
        report_note(report, "no call paths of malloc's time: %s", time->why);
        return;
    }
    to->event = time->sampling.event.name;
    to->frequency = (unsigned)time->sampling.event.attr.sample_freq;
    to->lost = time->totals.lost;
    add_cost(callers, report); /* lines are looked up when the command has ended */
    for (size_t i = 0; i < to->by_time_count && i < LINES_LOOKED_UP; i++)
        callers_paths_find_line(time->attributor, &to->paths[to->by_time[i]]);
    report->callers = to;
}

void run_callers_finish(struct run_callers *callers)
{
    callers_time_finish(&callers->time);
    callers_report_finish(&callers->report);
    callers_tally_finish(&callers->tally);
    callers_paths_finish(&callers->paths);
    attributor_destroy(callers->time.attributor);
}
