/* SPDX-License-Identifier: MIT */
#include "ablate_summary.h"

#include <math.h>
#include <stdlib.h>

/* Ratios nearer than that are rounding errors: programs print fewer digits. */
#define SAME 1e-6

static const struct ablate_estimate unknown = {NAN, {NAN, NAN}};

/* Nanoseconds of an operation where that is known. */
static double cost_of(const struct compare_report *report, const struct compare_run *run)
{
    if (!report->metric)
        return run->wall_s;
    if (!report->higher_is_better)
        return run->figure;
    return (compare_is_mops(report) ? COMPARE_NS_TIMES_MOPS : 1) / run->figure;
}

/* The logarithms of a round's costs, by row; NULL without memory or rounds. */
static double *logarithms_of(const struct ablate_report *report)
{
    const struct compare_report *runs = &report->runs;
    double *logarithms = calloc((size_t)runs->rounds_done * runs->row_count, sizeof *logarithms);
    for (size_t round = 0; logarithms && round < runs->rounds_done; round++) {
        for (size_t row = 0; row < runs->row_count; row++)
            logarithms[round * runs->row_count + row] =
                log(cost_of(runs, &runs->rows[row].runs[round]));
    }
    return logarithms;
}

static void fill_effects(const struct ablate_report *report, const struct factorial_term *term,
                         const double *logarithms, double *effects)
{
    for (size_t round = 0; round < report->runs.rounds_done; round++)
        effects[round] =
            factorial_effect(&report->factorial, term, logarithms + round * report->runs.row_count);
}

static void fill_ratios(const struct ablate_report *report, size_t row, size_t other,
                        const double *logarithms, double *ratios)
{
    for (size_t round = 0; round < report->runs.rounds_done; round++) {
        const double *values = logarithms + round * report->runs.row_count;
        ratios[round] = values[row] - values[other];
    }
}

/* Of logarithms, one a round. */
static struct ablate_estimate estimate(const struct ablate_report *report, double *values)
{
    size_t rounds = report->runs.rounds_done;
    struct interval range = factorial_interval(values, rounds, report->level, report->runs.seed);
    return (struct ablate_estimate){exp(rounds_summarize(values, rounds).median),
                                    {exp(range.low), exp(range.high)}};
}

/* The cost before the factor moves: a geometric mean over cells and rounds. */
static double base_of(const struct ablate_report *report, const struct factorial_term *term,
                      const double *logarithms)
{
    double sum = 0;
    for (size_t round = 0; round < report->runs.rounds_done; round++)
        sum +=
            factorial_base(&report->factorial, term, logarithms + round * report->runs.row_count);
    return exp(sum / report->runs.rounds_done);
}

/* The controls must be known. */
static double threshold_of(const struct ablate_report *report, const double *logarithms,
                           double *room)
{
    struct factorial_term terms[FACTORIAL_ERRORS_MAX];
    double errors[FACTORIAL_ERRORS_MAX + ABLATE_ENDS];
    size_t sets = factorial_errors(&report->factorial, terms), count = 0;
    for (; count < sets; count++) {
        fill_effects(report, &terms[count], logarithms, room);
        errors[count] = rounds_summarize(room, report->runs.rounds_done).median;
    }
    for (size_t i = 0; i < ABLATE_ENDS; i++) {
        if (ablate_has_copy(report, (enum ablate_end)i))
            errors[count++] = log(report->control[i].ratio) * factorial_scale(&report->factorial);
    }
    return exp(factorial_threshold(errors, count));
}

static enum ablate_verdict judge(const struct ablate_report *report,
                                 const struct ablate_estimate *effect)
{
    double threshold = report->threshold * (1 + SAME);
    if (isnan(effect->range.low) || isnan(threshold))
        return ABLATE_UNKNOWN;
    if (effect->range.low > threshold)
        return ABLATE_COSTS;
    return effect->range.high < 1 / threshold ? ABLATE_SAVES : ABLATE_TOO_SMALL;
}

static void fill_effect(struct ablate_report *report, size_t i, const double *logarithms,
                        double *room)
{
    const struct factorial_term *term = &report->factorial.terms[i];
    struct ablate_effect *effect = &report->effects[i];
    fill_effects(report, term, logarithms, room);
    effect->of = estimate(report, room);
    effect->verdict = judge(report, &effect->of);
    if (factorial_is_single(term) && compare_is_mops(&report->runs) &&
        report->runs.higher_is_better)
        effect->base_ns = base_of(report, term, logarithms);
    effect->ns = (effect->of.ratio - 1) * effect->base_ns;
}

/* Of a design that has two effects for each factor, their mean counts. Where the gap can't be told
 * from none there is nothing to explain. */
static double explained(const struct ablate_report *report)
{
    const struct interval *range = &report->gap.range;
    double sum = 0, gap = log(report->gap.ratio);
    for (size_t i = 0; i < report->factorial.term_count; i++) {
        const struct factorial_term *term = &report->factorial.terms[i];
        if (factorial_is_single(term))
            sum += log(report->effects[i].of.ratio) / (term->place == FACTORIAL_AVERAGE ? 1 : 2);
    }
    bool is_none = fabs(gap) < SAME || (range->low <= 1 && range->high >= 1);
    return is_none ? NAN : sum / gap;
}

static void fill(struct ablate_report *report, const double *logarithms, double *room)
{
    for (size_t i = 0; i < ABLATE_ENDS; i++) {
        fill_ratios(report, report->controls + i, report->ends[i], logarithms, room);
        report->control[i] = estimate(report, room);
    }
    report->threshold = threshold_of(report, logarithms, room);
    fill_ratios(report, report->ends[ABLATE_FAR], report->ends[ABLATE_MODERN], logarithms, room);
    report->gap = estimate(report, room);
    fill_ratios(report, report->ends[ABLATE_FAR], report->reference, logarithms, room);
    report->far_by_reference = estimate(report, room);
    fill_ratios(report, report->ends[ABLATE_MODERN], report->reference, logarithms, room);
    report->modern_by_reference = estimate(report, room);
    for (size_t i = 0; i < report->factorial.term_count; i++)
        fill_effect(report, i, logarithms, room);
    report->explained = explained(report);
}

/* A bootstrap costs time, and nothing is narrower than what can be counted. */
static bool is_narrow(const struct ablate_report *report, double *effects, double percent)
{
    size_t rounds = report->runs.rounds_done;
    double width = log1p(percent / 100);
    rounds_summarize(effects, rounds);
    struct interval range = interval_of_median(effects, rounds, report->level);
    if (!(range.high - range.low < width))
        return false;
    range = factorial_interval(effects, rounds, report->level, report->runs.seed);
    return range.high - range.low < width;
}

bool ablate_summary_is_precise(const struct ablate_report *report, double percent)
{
    if (report->runs.rounds_done < report->rounds_needed)
        return false;
    double *logarithms = logarithms_of(report);
    double *room = calloc(report->runs.rounds_done, sizeof *room);
    bool is_precise = logarithms && room;
    for (size_t i = 0; i < report->factorial.term_count && is_precise; i++) {
        const struct factorial_term *term = &report->factorial.terms[i];
        if (!factorial_is_single(term))
            continue;
        fill_effects(report, term, logarithms, room);
        is_precise = is_narrow(report, room, percent);
    }
    free(room);
    free(logarithms);
    return is_precise;
}

void ablate_summary_fill(struct ablate_report *report)
{
    report->far_by_reference = report->modern_by_reference = unknown;
    report->gap = report->control[ABLATE_MODERN] = report->control[ABLATE_FAR] = unknown;
    report->explained = report->threshold = NAN;
    for (size_t i = 0; i < report->factorial.term_count; i++)
        report->effects[i] = (struct ablate_effect){unknown, NAN, NAN, ABLATE_UNKNOWN};
    double *logarithms = report->runs.rounds_done ? logarithms_of(report) : NULL;
    double *room = logarithms ? calloc(report->runs.rounds_done, sizeof *room) : NULL;
    if (room)
        fill(report, logarithms, room);
    free(room);
    free(logarithms);
    if (report->runs.rounds_done < report->rounds_needed)
        compare_note(&report->runs,
                     "%u rounds tell no intervals of %zu effects at once: use --rounds %u or more",
                     report->runs.rounds_done, report->factorial.term_count, report->rounds_needed);
}
