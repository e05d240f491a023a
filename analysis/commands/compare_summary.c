/* SPDX-License-Identifier: MIT */
#include "compare_summary.h"

#include <math.h>
#include <stdlib.h>

#include "statistics/bootstrap.h"

static double compared(const struct compare_report *report, const struct compare_run *run)
{
    return report->metric ? run->figure : run->wall_s;
}

static double cpu_of(const struct compare_run *run)
{
    return run->user_s + run->system_s;
}

static double rss_of(const struct compare_run *run)
{
    return (double)run->max_rss_kb;
}

static double faults_of(const struct compare_run *run)
{
    return (double)(run->minor_faults + run->major_faults);
}

static double median_of(const struct compare_row *row, double (*figure)(const struct compare_run *),
                        double *room)
{
    for (size_t i = 0; i < row->run_count; i++)
        room[i] = figure(&row->runs[i]);
    return rounds_summarize(room, row->run_count).median;
}

/* Only rounds that both finished make a pair; runs stand in the order of their rounds. */
static size_t pair_up(const struct compare_report *report, const struct compare_row *row,
                      double *ratios)
{
    const struct compare_row *first = &report->rows[0];
    bool more_is_better = report->metric && report->higher_is_better;
    size_t pairs = 0, i = 0, k = 0;
    while (i < row->run_count && k < first->run_count) {
        const struct compare_run *own = &row->runs[i], *other = &first->runs[k];
        if (own->round == other->round) {
            double a = compared(report, own), b = compared(report, other);
            ratios[pairs++] = more_is_better ? a / b : b / a;
        }
        i += own->round <= other->round;
        k += other->round <= own->round;
    }
    return pairs;
}

static void summarize(const struct compare_report *report, struct compare_row *row, double *room)
{
    for (size_t i = 0; i < row->run_count; i++)
        room[i] = compared(report, &row->runs[i]);
    row->compared = rounds_summarize(room, row->run_count);
    row->cpu_s = median_of(row, cpu_of, room);
    row->max_rss_kb = median_of(row, rss_of, room);
    row->faults = median_of(row, faults_of, room);
    size_t pairs = pair_up(report, row, room);
    row->ratio = rounds_summarize(room, pairs).median;
    if (pairs < BOOTSTRAP_COUNT_MIN)
        return;
    struct interval interval = bootstrap_median(room, pairs, report->seed);
    row->ratio_low = interval.low;
    row->ratio_high = interval.high;
}

static enum compare_verdict judge(const struct compare_row *row, const struct compare_row *control)
{
    if (isnan(row->ratio_low) || isnan(control->ratio_low))
        return COMPARE_UNKNOWN;
    if (row->ratio_low > control->ratio_high)
        return COMPARE_BETTER;
    return row->ratio_high < control->ratio_low ? COMPARE_WORSE : COMPARE_TIE;
}

void compare_summary_fill(struct compare_report *report)
{
    double *room = malloc(report->rounds * sizeof *room);
    for (size_t i = 0; i < report->row_count; i++) {
        struct compare_row *row = &report->rows[i];
        row->compared = rounds_summarize(NULL, 0);
        row->cpu_s = row->max_rss_kb = row->faults = NAN;
        row->ratio = row->ratio_low = row->ratio_high = NAN;
        if (room)
            summarize(report, row, room);
    }
    free(room);
    for (size_t i = 0; i < report->row_count; i++) {
        struct compare_row *row = &report->rows[i];
        row->verdict = i == 0                 ? COMPARE_FIRST
                       : i == COMPARE_CONTROL ? COMPARE_IS_CONTROL
                       : row->failure[0]      ? COMPARE_UNKNOWN
                                              : judge(row, &report->rows[COMPARE_CONTROL]);
    }
    if (report->rounds_done < BOOTSTRAP_COUNT_MIN)
        compare_note(report, "%u rounds tell no 95 %% interval: use --rounds %d or more",
                     report->rounds_done, BOOTSTRAP_COUNT_MIN);
}
