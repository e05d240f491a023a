/* SPDX-License-Identifier: MIT */
#include "why_summary.h"

#include <math.h>
#include <stdlib.h>

#include "compare_summary.h"
#include "statistics/rounds.h"
#include "why_figures.h"
#include "why_notes.h"

struct counted {
    double operations[WATERFALL_SIDES * COMPARE_ROUNDS_MAX];
    size_t count;
    double all, remote;
};

static void add_counted(struct counted *counted, const struct why_run *run)
{
    if (!run->round || !(run->operations > 0))
        return;
    counted->operations[counted->count++] = run->operations;
    counted->all += run->operations;
    counted->remote += run->remote_frees;
}

static void find_operations(struct why_report *report)
{
    static const int rows[] = {WHY_ROW_A, WHY_ROW_B};
    static struct counted counted;
    counted = (struct counted){.count = 0};
    report->operations_on = NULL;
    for (int i = 0; i < 2; i++) {
        for (unsigned round = 0; round < report->comparison.rounds; round++)
            add_counted(&counted, &report->watched[rows[i]][round]);
        if (counted.count && !report->operations_on)
            report->operations_on = why_name(report, i);
    }
    for (int i = 0; i < 2 && !report->operations_on; i++)
        add_counted(&counted, &report->calibration[i]);
    if (counted.count && !report->operations_on)
        report->operations_on = "hakmem";
    struct rounds_summary of = rounds_summarize(counted.operations, counted.count);
    report->operations_runs = counted.count;
    report->operations = of.median;
    report->operations_least = of.min;
    report->operations_most = of.max;
    report->remote_frees = counted.count ? counted.remote / counted.all : NAN;
}

static enum why_unit unit_of(const struct why_report *report)
{
    const struct compare_report *comparison = &report->comparison;
    bool is_mops = compare_is_mops(comparison) && comparison->higher_is_better;
    if (comparison->metric)
        return is_mops ? WHY_NS : WHY_PERCENT;
    return report->operations > 0 ? WHY_NS : WHY_MS;
}

/* In the report's unit, but for percent, whose base is not known yet. */
static double cost(const struct why_report *report, double cpu_s, double figure)
{
    if (!report->comparison.metric)
        return report->unit == WHY_NS ? 1e9 * cpu_s / report->operations : 1e3 * cpu_s;
    if (!report->comparison.higher_is_better)
        return figure;
    return (report->unit == WHY_NS ? COMPARE_NS_TIMES_MOPS : 1) / figure;
}

const struct compare_run *why_run_of(const struct why_report *report, int row, unsigned round)
{
    const struct compare_row *of = &report->comparison.rows[row];
    for (size_t i = 0; i < of->run_count; i++) {
        if (of->runs[i].round == round)
            return &of->runs[i];
    }
    return NULL;
}

/* Without samples there is the measured difference, and nothing that explains it. */
static bool fill_side(const struct why_report *report, int row, unsigned round,
                      struct waterfall_round *to, int side)
{
    const struct compare_run *alone = why_run_of(report, row, round);
    const struct why_run *watched = &report->watched[row][round - 1];
    if (!alone || (report->has_parts && (!watched->round || isnan(watched->shares[0]))))
        return false;
    to->measured[side] = to->watched[side] =
        cost(report, alone->user_s + alone->system_s, alone->figure);
    if (!report->has_parts)
        return true;
    to->watched[side] = cost(report, watched->cpu_s, watched->figure) * (1 - watched->samples_cost);
    for (int part = 0; part < STEP_PARTS; part++)
        to->shares[side][part] = watched->shares[part];
    return true;
}

/* Of a command so short that most runs got no sample nothing is told. */
static bool find_parts(const struct why_report *report)
{
    unsigned sampled = 0;
    for (unsigned round = 0; round < report->comparison.rounds; round++) {
        const struct why_run *a = &report->watched[WHY_ROW_A][round];
        const struct why_run *b = &report->watched[WHY_ROW_B][round];
        sampled += a->round && b->round && !isnan(a->shares[0]) && !isnan(b->shares[0]);
    }
    return sampled && 2 * sampled >= report->comparison.rounds_done;
}

static void scale(struct waterfall_round *rounds, size_t count, double by)
{
    for (size_t i = 0; i < count; i++) {
        for (int side = 0; side < WATERFALL_SIDES; side++) {
            rounds[i].measured[side] *= by;
            rounds[i].watched[side] *= by;
        }
    }
}

static bool make(const struct why_report *report, int row, struct waterfall_round *rounds,
                 struct waterfall *to)
{
    size_t count = 0;
    double first[COMPARE_ROUNDS_MAX];
    for (unsigned round = 1; round <= report->comparison.rounds; round++) {
        if (!fill_side(report, WHY_ROW_A, round, &rounds[count], WATERFALL_A) ||
            !fill_side(report, row, round, &rounds[count], WATERFALL_B))
            continue;
        first[count] = rounds[count].measured[WATERFALL_A];
        count++;
    }
    if (report->unit == WHY_PERCENT)
        scale(rounds, count, 100 / rounds_summarize(first, count).median);
    return waterfall_make(rounds, count, report->has_parts ? STEP_PARTS : 0, PART_UNKNOWN,
                          report->comparison.seed, to);
}

enum why_verdict why_verdict_of(const struct waterfall *fall, const struct waterfall *control)
{
    enum why_sign sign = why_sign_of(&fall->measured, &control->measured);
    if (sign == WHY_UNTOLD)
        return WHY_UNKNOWN;
    if (sign == WHY_SAME)
        return WHY_TIE;
    bool holds_none = fall->unexplained.range.low <= 0 && fall->unexplained.range.high >= 0;
    return holds_none ? WHY_EXPLAINED : WHY_IN_PART;
}

static double kernel_for_malloc(const struct why_report *report, int side)
{
    const struct why_run *runs = report->watched[side == WATERFALL_A ? WHY_ROW_A : WHY_ROW_B];
    double sum = 0;
    size_t count = 0;
    for (unsigned round = 0; round < report->comparison.rounds; round++) {
        if (!runs[round].round || isnan(runs[round].kernel_for_malloc))
            continue;
        sum += runs[round].kernel_for_malloc;
        count++;
    }
    return count ? sum / (double)count * report->fall.sum.of[side] : NAN;
}

bool why_summary_fill(struct why_report *report)
{
    struct waterfall_round *rounds = calloc(report->comparison.rounds, sizeof *rounds);
    compare_summary_fill(&report->comparison);
    find_operations(report);
    report->unit = unit_of(report);
    report->has_parts = find_parts(report);
    bool done = rounds && make(report, WHY_ROW_B, rounds, &report->fall) &&
                make(report, WHY_ROW_CONTROL, rounds, &report->control);
    free(rounds);
    if (!done)
        return false;
    for (int part = 0; part < STEP_PARTS; part++)
        report->signs[part] = why_sign_of(&report->fall.parts[part], &report->control.parts[part]);
    report->verdict =
        report->has_parts ? why_verdict_of(&report->fall, &report->control) : WHY_UNKNOWN;
    for (int side = 0; side < WATERFALL_SIDES; side++)
        report->kernel_for_malloc[side] = report->has_parts ? kernel_for_malloc(report, side) : NAN;
    why_figures_fill(report);
    why_notes_add(report);
    return true;
}
