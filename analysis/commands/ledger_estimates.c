/* SPDX-License-Identifier: MIT */
#include "ledger_estimates.h"

#include <math.h>

/* Percent that the modern level was hoped to gain, in the analysis of the Phase-10 allocator that
 * asked the question. A single figure is a range of that figure alone. */
static const struct interval expectations[HAK_FACTOR_END] = {
    [HAK_FACTOR_HEADER] = {10, 20}, [HAK_FACTOR_CACHE] = {20, 30},  [HAK_FACTOR_METADATA] = {5, 10},
    [HAK_FACTOR_CLASSIFY] = {5, 5}, [HAK_FACTOR_FREELIST] = {5, 5}, [HAK_FACTOR_CHECK] = {NAN, NAN},
};

static const struct interval none = {NAN, NAN};

static struct ledger_counts per_call(const struct ledger_evidence *evidence,
                                     const struct ledger_counts *sum)
{
    double calls = evidence->calls ? (double)evidence->calls : NAN;
    double known = evidence->disassembled ? calls : NAN;
    return (struct ledger_counts){sum->instructions / calls, sum->loads / known,
                                  sum->stores / known, sum->branches / known};
}

/* For 1000 operations. */
static struct ledger_indicators per_thousand(const struct ledger_evidence *evidence)
{
    struct ledger_indicators indicators = evidence->indicators;
    double runs = evidence->runs, operations = evidence->operations / runs;
    for (size_t i = 0; i < LEDGER_INDICATORS; i++)
        indicators.of[i] *= runs > 0 && operations > 0 ? 1000 / operations : NAN;
    return indicators;
}

struct ledger_end ledger_end_of(const struct ledger_evidence *evidence)
{
    double samples = evidence->samples ? (double)evidence->samples : NAN;
    double share = (double)evidence->malloc_samples / samples;
    struct interval range =
        evidence->samples ? interval_of_share(share, samples, INTERVAL_95) : none;
    return (struct ledger_end){
        .ns = evidence->operations > 0 ? 1e9 * evidence->cpu_s / evidence->operations : NAN,
        .malloc_share = {100 * share, {100 * range.low, 100 * range.high}},
        .counted = per_call(evidence, &evidence->all),
        .indicators = per_thousand(evidence),
        .samples = evidence->samples,
        .calls = evidence->calls,
    };
}

/* ns an operation in the factor's own code. */
static struct ledger_estimate time_in(const struct ledger_evidence *evidence, size_t factor,
                                      double quantile)
{
    double ns = ledger_end_of(evidence).ns, samples = (double)evidence->samples;
    if (evidence->samples == 0 || isnan(ns))
        return (struct ledger_estimate){NAN, none};
    double share = (double)evidence->factor_samples[factor] / samples;
    struct interval range = interval_of_share(share, samples, quantile);
    return (struct ledger_estimate){ns * share, {ns * range.low, ns * range.high}};
}

/* Of two independent estimates: each bound's distance from its value, added as squares. */
static struct ledger_estimate difference(struct ledger_estimate a, struct ledger_estimate b)
{
    double value = a.value - b.value;
    return (struct ledger_estimate){
        value,
        {value - hypot(a.value - a.range.low, b.range.high - b.value),
         value + hypot(a.range.high - a.value, b.value - b.range.low)},
    };
}

struct ledger_estimate ledger_moved_time(const struct ledger_sides *sides, size_t factor)
{
    return difference(time_in(sides->far, factor, sides->quantile),
                      time_in(sides->modern, factor, sides->quantile));
}

/* By how many percent the command is slower for `ns` of its `of` ns an operation. */
static double percent_of(double ns, double of)
{
    return 100 * ns / (of - ns);
}

static void fill_sampled(struct ledger_row *row, size_t factor, const struct ledger_sides *sides)
{
    double of = ledger_end_of(sides->far).ns;
    row->sampled_ns = ledger_moved_time(sides, factor);
    row->sampled = (struct ledger_estimate){
        percent_of(row->sampled_ns.value, of),
        {percent_of(row->sampled_ns.range.low, of), percent_of(row->sampled_ns.range.high, of)},
    };
}

static void fill_counted(struct ledger_row *row, size_t factor, const struct ledger_sides *sides)
{
    const struct ledger_evidence *far = sides->far, *modern = sides->modern;
    struct ledger_counts a = per_call(far, &far->factors[factor]);
    struct ledger_counts b = per_call(modern, &modern->factors[factor]);
    row->counted = (struct ledger_counts){a.instructions - b.instructions, a.loads - b.loads,
                                          a.stores - b.stores, a.branches - b.branches};
}

/* In ns of the figure that was compared, else of processor time as it was sampled. */
static void fill_ablated(struct ledger_row *row, const struct ablate_effect *effect, double ns)
{
    const struct ablate_estimate *of = &effect->of;
    double base = isfinite(effect->base_ns) ? effect->base_ns : ns;
    row->ablated = (struct ledger_estimate){
        100 * (of->ratio - 1), {100 * (of->range.low - 1), 100 * (of->range.high - 1)}};
    row->ablated_ns = (struct ledger_estimate){
        base * (of->ratio - 1), {base * (of->range.low - 1), base * (of->range.high - 1)}};
}

void ledger_estimate(struct ledger_row *row, size_t factor, const struct ledger_sides *sides,
                     const struct ablate_effect *effect)
{
    row->expected = expectations[factor];
    fill_sampled(row, factor, sides);
    fill_counted(row, factor, sides);
    fill_ablated(row, effect, ledger_end_of(sides->modern).ns);
}
