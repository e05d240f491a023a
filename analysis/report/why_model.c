/* SPDX-License-Identifier: MIT */
#include "why_model.h"

#include <math.h>

const char *const why_unit_names[] = {
    [WHY_NS] = "ns per operation", [WHY_MS] = "ms per run", [WHY_PERCENT] = "percent of A"};
const char *const why_unit_short[] = {[WHY_NS] = "ns", [WHY_MS] = "ms", [WHY_PERCENT] = "%"};
const char *const why_sign_names[] = {
    [WHY_UNTOLD] = "unknown", [WHY_SAME] = "same", [WHY_LESS] = "less", [WHY_MORE] = "more"};
const char *const why_verdict_names[] = {[WHY_UNKNOWN] = "unknown",
                                         [WHY_TIE] = "tie",
                                         [WHY_EXPLAINED] = "explained",
                                         [WHY_IN_PART] = "explained in part"};
const char *const why_kind_names[WHY_KINDS] = {
    [WHY_MALLOC] = "malloc", [WHY_FREE] = "free", [WHY_OTHER_CALLS] = "other"};

const char *why_name(const struct why_report *report, int side)
{
    return report->comparison.rows[side == WATERFALL_A ? WHY_ROW_A : WHY_ROW_B].name;
}

double why_instructions_of(const struct why_instructions *of, int part, enum why_kind kind)
{
    uint64_t sum = 0, calls = 0;
    for (int k = 0; k < WHY_KINDS; k++) {
        if (kind != WHY_KINDS && k != (int)kind)
            continue;
        calls += of->calls[k];
        for (int p = 0; p < STEP_PARTS; p++)
            sum += part == STEP_PARTS || part == p ? of->by[p][k] : 0;
    }
    return calls ? (double)sum / (double)calls : NAN;
}

static double difference(const struct why_report *report, int part)
{
    return why_instructions_of(&report->instructions[WATERFALL_B], part, WHY_KINDS) -
           why_instructions_of(&report->instructions[WATERFALL_A], part, WHY_KINDS);
}

double why_instructions_known(const struct why_report *report)
{
    double all = difference(report, STEP_PARTS), unknown = difference(report, PART_UNKNOWN);
    return fabs(all) > 0 ? 1 - fabs(unknown) / fabs(all) : NAN;
}

size_t why_order(const struct why_report *report, size_t order[STEP_PARTS])
{
    const struct waterfall_value *parts = report->fall.parts;
    size_t count = 0;
    for (size_t part = 0; part < STEP_PARTS; part++) {
        if (!(parts[part].of[WATERFALL_A] > 0) && !(parts[part].of[WATERFALL_B] > 0))
            continue;
        size_t place = count++;
        double own = fabs(parts[part].difference);
        for (; place > 0 && fabs(parts[order[place - 1]].difference) < own; place--)
            order[place] = order[place - 1];
        order[place] = part;
    }
    return count;
}

enum why_sign why_sign_of(const struct waterfall_value *value,
                          const struct waterfall_value *control)
{
    if (isnan(value->range.low) || isnan(control->range.low))
        return WHY_UNTOLD;
    if (value->range.low > fmax(0, control->range.high))
        return WHY_MORE;
    return value->range.high < fmin(0, control->range.low) ? WHY_LESS : WHY_SAME;
}
