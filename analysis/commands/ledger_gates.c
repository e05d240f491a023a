/* SPDX-License-Identifier: MIT */
#include "ledger_gates.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Text that grows, within its place. */
struct text {
    char *bytes;
    size_t used, capacity;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length =
        vsnprintf(text->bytes + text->used, text->capacity - text->used, format, arguments);
    va_end(arguments);
    text->used += length > 0 ? (size_t)length : 0;
    if (text->used >= text->capacity)
        text->used = text->capacity - 1;
}

/* The factor that costs most, as far as can be seen; row_count: none does. */
static size_t greatest(const struct ablate_report *report, size_t *count)
{
    const struct ledger *ledger = &report->ledger;
    size_t found = ledger->row_count;
    *count = 0;
    for (size_t i = 0; i < ledger->row_count; i++) {
        if (!ledger->rows[i].costs)
            continue;
        ++*count;
        if (found == ledger->row_count ||
            ledger->rows[i].ablated.value > ledger->rows[found].ablated.value)
            found = i;
    }
    return found;
}

static void add_row(struct text *text, const struct ledger_row *row)
{
    add(text, "%s=%s costs %.1f %% [%.1f, %.1f]", row->factor, row->far, row->ablated.value,
        row->ablated.range.low, row->ablated.range.high);
}

static struct text begin(struct ledger_gate *gate, const char *name, bool known, bool open)
{
    *gate = (struct ledger_gate){.name = name, .known = known, .open = open};
    return (struct text){gate->evidence, 0, sizeof gate->evidence};
}

/* How much of the gap's logarithm the factor's effect is. */
static double part_of_gap(const struct ablate_report *report, size_t factor)
{
    return log1p(report->ledger.rows[factor].ablated.value / 100) / log(report->gap.ratio);
}

static void fill_gates(struct ablate_report *report, bool known)
{
    struct ledger *ledger = &report->ledger;
    size_t count, most = greatest(report, &count);
    bool any = known && count > 0, gap = known && report->gap.range.low > 1;
    double part = any ? part_of_gap(report, most) : 0;

    struct text text = begin(&ledger->gates[0], "a bottleneck is shown", known, any);
    if (any)
        add_row(&text, &ledger->rows[most]);
    else
        add(&text, known ? "no factor is seen to cost anything" : "too few rounds");
    text = begin(&ledger->gates[1], "the gap has one cause", known, gap && part >= 0.5);
    if (!gap)
        add(&text, known ? "no gap between the ends is seen" : "too few rounds");
    else if (any)
        add(&text, "%s, the greatest, is %.0f %% of the gap between the ends",
            ledger->rows[most].factor, 100 * part);
    else
        add(&text, "the gap is no single factor's");
    text = begin(&ledger->gates[2], "one direction is left", known, known && count == 1);
    if (known)
        add(&text, "%zu of %zu factors cost time", count, ledger->row_count);
    else
        add(&text, "too few rounds");
}

static void add_factors(struct text *text, const struct ablate_report *report)
{
    size_t shown = 0;
    for (size_t i = 0; i < report->ledger.row_count; i++) {
        const struct ledger_row *row = &report->ledger.rows[i];
        if (row->costs)
            add(text, "%s%s %.1f %%", shown++ ? ", " : ": ", row->factor, row->ablated.value);
    }
    if (!shown)
        add(text, "; no single factor is seen to cost anything");
    else if (isfinite(report->explained))
        add(text, "; all factors' effects together are %.0f %% of the gap",
            100 * report->explained);
}

static void add_reference(struct text *text, const struct ablate_report *report)
{
    const struct ablate_estimate *far = &report->far_by_reference;
    if (isnan(far->range.low)) {
        return;
    } else if (far->range.low > 1) {
        add(text,
            ". The far end takes %.3f [%.3f, %.3f] times glibc's time: the gap to glibc consists "
            "of the same factors",
            far->ratio, far->range.low, far->range.high);
    } else if (far->range.high < 1) {
        add(text,
            ". The far end is not slower than glibc here, as the document saw it, but faster: it "
            "takes %.3f [%.3f, %.3f] of its time; no factor's cost is as large as what the design "
            "around them gains",
            far->ratio, far->range.low, far->range.high);
    } else {
        add(text, ". The far end and glibc can't be told apart here (%.3f [%.3f, %.3f])",
            far->ratio, far->range.low, far->range.high);
    }
}

void ledger_gates_fill(struct ablate_report *report)
{
    struct ledger *ledger = &report->ledger;
    struct text text = {ledger->verdict, 0, sizeof ledger->verdict};
    bool known = !isnan(report->gap.range.low);
    fill_gates(report, known);
    if (!known) {
        add(&text, "too few rounds for a verdict");
        return;
    }
    add(&text, "the far end takes %.3f [%.3f, %.3f] times the modern end's time", report->gap.ratio,
        report->gap.range.low, report->gap.range.high);
    add_factors(&text, report);
    add_reference(&text, report);
}
