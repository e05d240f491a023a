/* SPDX-License-Identifier: MIT */
#include "why_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare_short_name.h"

/* Parts that are named, if each makes up so much of the difference. */
enum { NAMED = 4 };
#define NAMED_SHARE 0.05

const char *why_cost_text(double value, char text[WHY_CELL])
{
    if (!isfinite(value))
        return "-";
    snprintf(text, WHY_CELL, "%.*f", fabs(value) >= 100 ? 1 : 2, fabs(value));
    return text;
}

const char *why_range_text(const struct interval *range, double times, char text[WHY_CELL])
{
    double low = times * range->low, high = times * range->high;
    if (!isfinite(low) || !isfinite(high))
        return "";
    int decimals = fmax(fabs(low), fabs(high)) >= 100 ? 1 : 2;
    snprintf(text, WHY_CELL, " [%.*f, %.*f]", decimals, fmin(low, high), decimals, fmax(low, high));
    return text;
}

static const char *direction(double difference)
{
    return difference < 0 ? "less" : "more";
}

/* 2.64 [2.51, 2.77], whichever the direction is. */
static void print_amount(const struct waterfall_value *value, FILE *to)
{
    char cost[WHY_CELL], range[WHY_CELL];
    fprintf(to, "%s%s", why_cost_text(value->difference, cost),
            why_range_text(&value->range, value->difference < 0 ? -1 : 1, range));
}

static void write_costs(const struct why_report *report, const char *a, const char *b, FILE *to)
{
    static const char *const units[] = {[WHY_NS] = "ns an operation",
                                        [WHY_MS] = "ms a run",
                                        [WHY_PERCENT] = "% by the program's own figure"};
    const struct waterfall_value *measured = &report->fall.measured;
    char cost[2][WHY_CELL];
    fprintf(to, "%s needs %s %s, %s %s: ", a, why_cost_text(measured->of[WATERFALL_A], cost[0]),
            units[report->unit], b, why_cost_text(measured->of[WATERFALL_B], cost[1]));
    print_amount(measured, to);
    fprintf(to, " %s. ", direction(measured->difference));
    if (report->verdict == WHY_TIE)
        fputs("The two can't be told apart: A against itself differs as much, or the interval "
              "holds 0. There is nothing to explain. ",
              to);
}

/* The greatest parts, those that make it up, or those that are against it. */
static void write_parts(const struct why_report *report, bool along, FILE *to)
{
    const struct waterfall *fall = &report->fall;
    size_t order[STEP_PARTS], count = why_order(report, order), named = 0;
    for (size_t i = 0; i < count && named < NAMED; i++) {
        double own = fall->parts[order[i]].difference, all = fall->measured.difference;
        bool is_told = report->signs[order[i]] > WHY_SAME;
        if (!is_told || (own * all > 0) != along || fabs(own) < NAMED_SHARE * fabs(all))
            continue;
        char cost[WHY_CELL];
        fprintf(to, "%s%s %s %s",
                named   ? ", "
                : along ? "Most of it: "
                        : "Against it: ",
                step_part_names[order[i]], why_cost_text(own, cost), direction(own));
        named++;
    }
    if (named)
        fputs(". ", to);
}

static void write_rest(const struct why_report *report, FILE *to)
{
    const struct waterfall *fall = &report->fall;
    fputs("The parts add up to ", to);
    print_amount(&fall->sum, to);
    fprintf(to, " %s. ", direction(fall->sum.difference));
    print_amount(&fall->unexplained, to);
    fprintf(to, " %s %s", direction(fall->unexplained.difference),
            report->verdict == WHY_EXPLAINED
                ? "is left unexplained, which the interval can't tell from nothing. "
                : "is left UNEXPLAINED. ");
    if (!isfinite(fall->explained_range.low))
        return;
    fprintf(to, "Of the difference %.0f %% [%.0f, %.0f] is in parts that are known. ",
            100 * fmax(0, fall->explained), 100 * fmax(0, fall->explained_range.low),
            100 * fmax(0, fall->explained_range.high));
}

static void write_instructions(const struct why_report *report, const char *a, const char *b,
                               FILE *to)
{
    double of[] = {why_instructions_of(&report->instructions[WATERFALL_A], STEP_PARTS, WHY_KINDS),
                   why_instructions_of(&report->instructions[WATERFALL_B], STEP_PARTS, WHY_KINDS)};
    double known = why_instructions_known(report);
    if (isnan(of[WATERFALL_A]) || isnan(of[WATERFALL_B]))
        return;
    fprintf(to, "A call takes %.1f instructions on %s, %.1f on %s", of[0], a, of[1], b);
    if (fabs(of[1] - of[0]) > 0)
        fprintf(to, ": %.1f %s", fabs(of[1] - of[0]), direction(of[1] - of[0]));
    if (isfinite(known))
        fprintf(to, ", %.0f %% of it in known steps", 100 * fmax(0, known));
    fputs(".", to);
}

void why_print_words(const struct why_report *report, const struct terminal *terminal)
{
    char a[COMPARE_SHORT_BYTES], b[COMPARE_SHORT_BYTES], *text = NULL;
    size_t bytes;
    FILE *to = open_memstream(&text, &bytes);
    if (!to)
        return;
    compare_short_name(&report->comparison, WHY_ROW_A, a);
    compare_short_name(&report->comparison, WHY_ROW_B, b);
    if (report->fall.rounds) {
        write_costs(report, a, b, to);
        if (report->verdict == WHY_EXPLAINED || report->verdict == WHY_IN_PART) {
            write_parts(report, true, to);
            write_parts(report, false, to);
            write_rest(report, to);
        }
    }
    write_instructions(report, a, b, to);
    if (fclose(to) == 0 && *text) {
        terminal_wrapped(terminal, text, 0, 0);
        fputc('\n', terminal->stream);
    }
    free(text);
}
