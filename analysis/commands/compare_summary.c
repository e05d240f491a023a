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

static double resident_of(const struct compare_run *run)
{
    return run->resident_kb;
}

static double live_of(const struct compare_run *run)
{
    return run->live_kb;
}

static double ratio_of(const struct compare_report *report, enum compare_aspect aspect,
                       const struct compare_run *own, const struct compare_run *other)
{
    if (aspect == COMPARE_MEMORY)
        return rss_of(own) / rss_of(other);
    double a = compared(report, own), b = compared(report, other);
    return report->metric && report->higher_is_better ? a / b : b / a;
}

size_t compare_summary_pairs(const struct compare_report *report, enum compare_aspect aspect,
                             size_t row, size_t other, double *ratios)
{
    const struct compare_row *own = &report->rows[row], *to = &report->rows[other];
    size_t pairs = 0, i = 0, k = 0;
    while (i < own->run_count && k < to->run_count) {
        const struct compare_run *a = &own->runs[i], *b = &to->runs[k];
        if (a->round == b->round)
            ratios[pairs++] = ratio_of(report, aspect, a, b);
        i += a->round <= b->round;
        k += b->round <= a->round;
    }
    return pairs;
}

/* The median of the pairs' ratios, and its interval. */
static double summarize_pairs(const struct compare_report *report, size_t row, size_t other,
                              double *room, struct interval *interval)
{
    size_t pairs = compare_summary_pairs(report, COMPARE_SPEED, row, other, room);
    double ratio = rounds_summarize(room, pairs).median;
    if (pairs >= BOOTSTRAP_COUNT_MIN)
        *interval = bootstrap_median(room, pairs, report->seed);
    return ratio;
}

static void summarize(const struct compare_report *report, size_t index, struct compare_row *row,
                      double *room)
{
    struct interval range = {NAN, NAN};
    for (size_t i = 0; i < row->run_count; i++)
        room[i] = compared(report, &row->runs[i]);
    row->compared = rounds_summarize(room, row->run_count);
    row->cpu_s = median_of(row, cpu_of, room);
    row->max_rss_kb = median_of(row, rss_of, room);
    row->faults = median_of(row, faults_of, room);
    row->resident_kb = median_of(row, resident_of, room);
    row->live_kb = median_of(row, live_of, room);
    size_t pairs = compare_summary_pairs(report, COMPARE_MEMORY, index, 0, room);
    row->memory_ratio = rounds_summarize(room, pairs).median;
    row->ratio = summarize_pairs(report, index, 0, room, &range);
    row->ratio_low = range.low;
    row->ratio_high = range.high;
    if (report->floor && !report->rows[report->floor].failure[0])
        row->of_floor = summarize_pairs(report, index, report->floor, room, &row->of_floor_range);
}

static enum compare_verdict judge(const struct compare_row *row, const struct compare_row *control)
{
    if (isnan(row->ratio_low) || isnan(control->ratio_low))
        return COMPARE_UNKNOWN;
    if (row->ratio_low > control->ratio_high)
        return COMPARE_BETTER;
    return row->ratio_high < control->ratio_low ? COMPARE_WORSE : COMPARE_TIE;
}

void compare_summary_note_rounds(struct compare_report *report, unsigned rounds)
{
    if (rounds && rounds < BOOTSTRAP_COUNT_MIN)
        compare_note(report, "%u rounds tell no 95 %% interval: use --rounds %d or more", rounds,
                     BOOTSTRAP_COUNT_MIN);
}

void compare_summary_fill(struct compare_report *report)
{
    double *room = malloc(report->rounds * sizeof *room);
    for (size_t i = 0; i < report->row_count; i++) {
        struct compare_row *row = &report->rows[i];
        row->compared = rounds_summarize(NULL, 0);
        row->cpu_s = row->max_rss_kb = row->faults = NAN;
        row->ratio = row->ratio_low = row->ratio_high = NAN;
        row->memory_ratio = row->resident_kb = row->live_kb = row->of_floor = NAN;
        row->of_floor_range = (struct interval){NAN, NAN};
        if (room)
            summarize(report, i, row, room);
    }
    free(room);
    for (size_t i = 0; i < report->row_count; i++) {
        struct compare_row *row = &report->rows[i];
        row->verdict = i == 0                 ? COMPARE_FIRST
                       : i == COMPARE_CONTROL ? COMPARE_IS_CONTROL
                       : row->failure[0]      ? COMPARE_UNKNOWN
                                              : judge(row, &report->rows[COMPARE_CONTROL]);
    }
    compare_summary_note_rounds(report, report->rounds_done);
}
