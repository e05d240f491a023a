/* SPDX-License-Identifier: MIT */
#include "ledger_judge.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "collect/variant.h"
#include "ledger_estimates.h"
#include "ledger_gates.h"

/* Fewer instructions an operation are no difference in the code itself. */
#define SAME_INSTRUCTIONS 0.5
/* A program that gives malloc less of its time, in percent, can't tell its factors apart. */
#define HARDLY_ANY_MALLOC 2.0

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

/* The factor whose own code got faster most, as certainly as the level tells; HAK_FACTOR_END:
 * none did. */
static size_t relieved(const struct ledger_sides *sides, struct ledger_estimate *by)
{
    size_t found = HAK_FACTOR_END;
    for (size_t f = 0; f < HAK_FACTOR_END; f++) {
        struct ledger_estimate moved = ledger_moved_time(sides, f);
        if (moved.range.high < 0 && (found == HAK_FACTOR_END || moved.value < by->value)) {
            found = f;
            *by = moved;
        }
    }
    return found;
}

/* Why time in the factor's code and the effect of moving it are not the same. */
static void explain(const struct ablate_report *report, const struct ledger_sides *sides,
                    size_t factor, struct ledger_row *row)
{
    char pair[ABLATE_NAME_BYTES];
    struct ledger_estimate by = {0, {0, 0}};
    size_t other = relieved(sides, &by);
    if (interaction_of(report, factor, pair))
        say(row, "what it costs depends on another factor: %s", pair);
    else if (fabs(row->counted.instructions) < SAME_INSTRUCTIONS)
        say(row, "its code executes as many instructions: the time moves in other code, by memory "
                 "or layout");
    else if (row->sampled.value > row->ablated.value && other != HAK_FACTOR_END)
        say(row,
            "%s takes %.2f ns less at the far end: what waits for memory first is charged for "
            "all, and now that is elsewhere",
            variant_factors[other].name, -by.value);
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

static void judge_row(const struct ablate_report *report, const struct ledger_sides *sides,
                      size_t factor, enum ablate_verdict effect, struct ledger_row *row)
{
    const struct ledger *ledger = &report->ledger;
    double malloc_most =
        fmax(ledger->modern.malloc_share.range.high, ledger->far.malloc_share.range.high);
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
        explain(report, sides, factor, row);
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
    ledger->modern = ledger_end_of(modern);
    ledger->far = ledger_end_of(far);
    ledger->row_count = report->factorial.factor_count;
    const struct ledger_sides sides = {modern, far, interval_quantile(report->level)};
    for (size_t i = 0; i < ledger->row_count; i++) {
        const struct ablate_factor *factor = &report->factors[i];
        const struct ablate_effect *effect = &report->effects[term_of(report, i)];
        struct ledger_row *row = &ledger->rows[i];
        size_t f = factor_named(factor->name);
        *row = (struct ledger_row){
            .factor = factor->name, .modern = factor->modern, .far = factor->far};
        ledger_estimate(row, f, &sides, effect);
        row->costs = effect->verdict == ABLATE_COSTS;
        judge_row(report, &sides, i, effect->verdict, row);
    }
    ledger_gates_fill(report);
}
