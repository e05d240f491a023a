/* SPDX-License-Identifier: MIT */
#include "why_figures.h"

#include <math.h>

#include "statistics/bootstrap.h"
#include "statistics/rounds.h"
#include "why_summary.h"

/* What both were measured by besides; of an unwatched run, or of its counters. */
static double wall_of(const struct compare_run *run)
{
    return run->wall_s;
}

static double cpu_of(const struct compare_run *run)
{
    return run->user_s + run->system_s;
}

static double kernel_of(const struct compare_run *run)
{
    return run->system_s;
}

static double rss_of(const struct compare_run *run)
{
    return (double)run->max_rss_kb / 1024;
}

static double faults_of(const struct compare_run *run)
{
    return (double)(run->minor_faults + run->major_faults);
}

static double switches_of(const struct compare_run *run)
{
    return (double)(run->voluntary_switches + run->involuntary_switches);
}

static double figure_of(const struct compare_run *run)
{
    return run->figure;
}

/* `of`: NULL for a counter of the processor, `k`, an operation where these are known. */
static double value_of(const struct why_report *report, double (*of)(const struct compare_run *),
                       int k, int row, unsigned round)
{
    const struct compare_run *run = why_run_of(report, row, round);
    if (!run)
        return NAN;
    if (of)
        return of(run);
    double count = report->hardware[row][(round - 1) * WHY_HARDWARE + (unsigned)k];
    return report->operations > 0 ? count / report->operations : count;
}

static struct waterfall_value pair(const struct why_report *report,
                                   double (*of)(const struct compare_run *), int k, int row)
{
    double sides[WATERFALL_SIDES][COMPARE_ROUNDS_MAX], more[COMPARE_ROUNDS_MAX];
    size_t count = 0;
    for (unsigned round = 1; round <= report->comparison.rounds; round++) {
        double a = value_of(report, of, k, WHY_ROW_A, round);
        double b = value_of(report, of, k, row, round);
        if (isnan(a) || isnan(b))
            continue;
        sides[WATERFALL_A][count] = a;
        sides[WATERFALL_B][count] = b;
        more[count++] = b - a;
    }
    struct waterfall_value value = {.range = {NAN, NAN}};
    for (int side = 0; side < WATERFALL_SIDES; side++)
        value.of[side] = rounds_summarize(sides[side], count).median;
    value.difference = rounds_summarize(more, count).median;
    if (count >= BOOTSTRAP_COUNT_MIN)
        value.range = bootstrap_median(more, count, report->comparison.seed);
    return value;
}

static void add_figure(struct why_report *report, const char *name,
                       double (*of)(const struct compare_run *), int k)
{
    struct waterfall_value value = pair(report, of, k, WHY_ROW_B);
    struct waterfall_value control = pair(report, of, k, WHY_ROW_CONTROL);
    report->figures[report->figure_count++] =
        (struct why_figure){.name = name,
                            .of = {value.of[WATERFALL_A], value.of[WATERFALL_B]},
                            .difference = value.difference,
                            .range = value.range,
                            .sign = why_sign_of(&value, &control)};
}

void why_figures_fill(struct why_report *report)
{
    static const char *const counters[2][WHY_HARDWARE] = {
        {"cycles per run", "instructions per run", "branches per run", "branch misses per run",
         "cache misses per run", "dTLB misses per run"},
        {"cycles per op", "instructions per op", "branches per op", "branch misses per op",
         "cache misses per op", "dTLB misses per op"}};
    report->figure_count = 0;
    if (report->comparison.metric)
        add_figure(report, "the program's figure", figure_of, 0);
    add_figure(report, "wall s", wall_of, 0);
    add_figure(report, "CPU s", cpu_of, 0);
    add_figure(report, "of it in the kernel s", kernel_of, 0);
    add_figure(report, "max RSS MiB", rss_of, 0);
    add_figure(report, "page faults", faults_of, 0);
    add_figure(report, "context switches", switches_of, 0);
    for (int k = 0; report->has_hardware && k < WHY_HARDWARE; k++)
        add_figure(report, counters[report->operations > 0][k], NULL, k);
}
