/* SPDX-License-Identifier: MIT */
#include "ledger_judge.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "collect/variant.h"
#include "ledger_gates.h"

/* Percent that the document expected to gain by the modern level: its section on the gap, as the
 * mission quotes it. A single figure is a range of that figure alone. */
static const struct interval expectations[HAK_FACTOR_END] = {
    [HAK_FACTOR_HEADER] = {10, 20}, [HAK_FACTOR_CACHE] = {20, 30},  [HAK_FACTOR_METADATA] = {5, 10},
    [HAK_FACTOR_CLASSIFY] = {5, 5}, [HAK_FACTOR_FREELIST] = {5, 5}, [HAK_FACTOR_CHECK] = {NAN, NAN},
};

/* Fewer instructions an operation are no difference in the code itself. */
#define SAME_INSTRUCTIONS 0.5
/* A program that gives malloc less of its time, in percent, can't tell its factors apart. */
#define HARDLY_ANY_MALLOC 2.0

static const struct interval none = {NAN, NAN};

static bool overlap(struct interval a, struct interval b)
{
    return a.low <= b.high && b.low <= a.high;
}

static size_t factor_named(const char *name)
{
    size_t f = 0;
    while (f < HAK_FACTOR_END && strcmp(name, variant_factors[f].name) != 0)
        f++;
    return f;
}

static struct ledger_counts per_call(const struct ledger_evidence *evidence,
                                     const struct ledger_counts *sum)
{
    double calls = evidence->calls ? (double)evidence->calls : NAN;
    double known = evidence->disassembled ? calls : NAN;
    return (struct ledger_counts){sum->instructions / calls, sum->loads / known,
                                  sum->stores / known, sum->branches / known};
}

static struct ledger_end end_of(const struct ledger_evidence *evidence)
{
    double samples = evidence->samples ? (double)evidence->samples : NAN;
    double share = (double)evidence->malloc_samples / samples;
    struct interval range =
        evidence->samples ? interval_of_share(share, samples, INTERVAL_95) : none;
    return (struct ledger_end){
        .ns = evidence->operations > 0 ? 1e9 * evidence->cpu_s / evidence->operations : NAN,
        .malloc_share = {100 * share, {100 * range.low, 100 * range.high}},
        .counted = per_call(evidence, &evidence->all),
        .samples = evidence->samples,
        .calls = evidence->calls,
    };
}

/* ns an operation in the factor's own code. */
static struct ledger_estimate time_in(const struct ledger_evidence *evidence, size_t factor,
                                      double quantile)
{
    double ns = end_of(evidence).ns, samples = (double)evidence->samples;
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

/* By how many percent the command is slower for `ns` of its `of` ns an operation. */
static double percent_of(double ns, double of)
{
    return 100 * ns / (of - ns);
}

static void fill_sampled(struct ledger_row *row, size_t factor, double level,
                         const struct ledger_evidence *modern, const struct ledger_evidence *far)
{
    double quantile = interval_quantile(level), of = end_of(far).ns;
    row->sampled_ns = difference(time_in(far, factor, quantile), time_in(modern, factor, quantile));
    row->sampled = (struct ledger_estimate){
        percent_of(row->sampled_ns.value, of),
        {percent_of(row->sampled_ns.range.low, of), percent_of(row->sampled_ns.range.high, of)},
    };
}

static void fill_counted(struct ledger_row *row, size_t factor,
                         const struct ledger_evidence *modern, const struct ledger_evidence *far)
{
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

__attribute__((format(printf, 2, 3))) static void say(struct ledger_row *row, const char *format,
                                                      ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(row->reason, sizeof row->reason, format, arguments);
    va_end(arguments);
}

/* The pair with the factor that is seen to matter only together; NULL: none. */
static const struct ablate_effect *interaction_of(const struct ablate_report *report, size_t factor,
                                                  char name[ABLATE_NAME_BYTES])
{
    for (size_t i = 0; i < report->factorial.term_count; i++) {
        const struct factorial_term *term = &report->factorial.terms[i];
        enum ablate_verdict verdict = report->effects[i].verdict;
        if (factorial_is_single(term) || !(term->factors >> factor & 1) ||
            (verdict != ABLATE_COSTS && verdict != ABLATE_SAVES))
            continue;
        ablate_effect_name(report, i, name);
        return &report->effects[i];
    }
    return NULL;
}

/* Why time in the factor's code and the effect of moving it are not the same. */
static void explain(const struct ablate_report *report, size_t factor, struct ledger_row *row)
{
    char pair[ABLATE_NAME_BYTES];
    if (interaction_of(report, factor, pair))
        say(row, "what it costs depends on another factor: %s", pair);
    else if (fabs(row->counted.instructions) < SAME_INSTRUCTIONS)
        say(row, "its code executes as many instructions: the time moves in other code, by memory "
                 "or layout");
    else if (row->sampled.value > row->ablated.value)
        say(row, "time in its code runs beside other work (overlap), or is another instruction's "
                 "(skid)");
    else
        say(row,
            "part of its cost shows in other code: waiting for what it stored, caches, layout");
}

static void judge_size(const struct ledger_row *row, enum ablate_verdict effect,
                       enum ledger_verdict *verdict, const char **why)
{
    *verdict = LEDGER_REFUTED;
    if (isnan(row->expected.low)) {
        *verdict = LEDGER_MEASURED;
        *why = "";
    } else if (effect == ABLATE_SAVES) {
        *why = "it saves time";
    } else if (overlap(row->ablated.range, row->expected)) {
        *verdict = LEDGER_CONFIRMED;
        *why = "";
    } else {
        *why = row->ablated.range.high < row->expected.low ? "it costs less" : "it costs more";
    }
}

static void judge_row(const struct ablate_report *report, size_t factor, enum ablate_verdict effect,
                      double malloc_most, struct ledger_row *row)
{
    const char *why = "";
    bool sampled = !isnan(row->sampled.value);
    bool disagree = sampled && !overlap(row->sampled.range, row->ablated.range);
    if (effect == ABLATE_UNKNOWN) {
        row->verdict = LEDGER_UNKNOWN;
    } else if (malloc_most < HARDLY_ANY_MALLOC && effect == ABLATE_TOO_SMALL) {
        row->verdict = LEDGER_TOO_SMALL;
        say(row, "malloc has less than %.1f %% of this command's time", malloc_most);
    } else if (disagree) {
        row->verdict = LEDGER_DISAGREE;
        explain(report, factor, row);
    } else if (effect == ABLATE_TOO_SMALL) {
        row->verdict = LEDGER_TOO_SMALL;
    } else {
        judge_size(row, effect, &row->verdict, &why);
        say(row, "%s", why);
    }
}

/* Of a design from both ends, the effect where the other factors are far: the document's case. */
static size_t term_of(const struct ablate_report *report, size_t factor)
{
    size_t found = 0;
    for (size_t i = 0; i < report->factorial.term_count; i++) {
        const struct factorial_term *term = &report->factorial.terms[i];
        if (term->factors == 1u << factor && term->place != FACTORIAL_FROM_MODERN)
            found = i;
    }
    return found;
}

void ledger_judge(struct ablate_report *report, const struct ledger_evidence *modern,
                  const struct ledger_evidence *far)
{
    struct ledger *ledger = &report->ledger;
    ledger->made = true;
    ledger->modern = end_of(modern);
    ledger->far = end_of(far);
    ledger->row_count = report->factorial.factor_count;
    double most = fmax(ledger->modern.malloc_share.range.high, ledger->far.malloc_share.range.high);
    for (size_t i = 0; i < ledger->row_count; i++) {
        const struct ablate_factor *factor = &report->factors[i];
        const struct ablate_effect *effect = &report->effects[term_of(report, i)];
        struct ledger_row *row = &ledger->rows[i];
        size_t f = factor_named(factor->name);
        *row = (struct ledger_row){.factor = factor->name,
                                   .modern = factor->modern,
                                   .far = factor->far,
                                   .expected = expectations[f]};
        fill_sampled(row, f, report->level, modern, far);
        fill_counted(row, f, modern, far);
        fill_ablated(row, effect, ledger->modern.ns);
        row->costs = effect->verdict == ABLATE_COSTS;
        judge_row(report, i, effect->verdict, most, row);
    }
    ledger_gates_fill(report);
}
