/* SPDX-License-Identifier: MIT */
#include "compare_sweep_model.h"

#include <math.h>
#include <string.h>

/* A million operations a second are a thousand nanoseconds each. */
#define NS_TIMES_MOPS 1000.0

static bool is_mops(const struct sweep_report *sweep)
{
    return sweep->blank->metric && strstr(sweep->blank->metric, "M ops/s");
}

const char *sweep_cost_unit(const struct sweep_report *sweep)
{
    if (is_mops(sweep))
        return "ns per operation";
    return sweep->blank->metric ? "figure" : "wall s";
}

static const struct compare_row *row_of(const struct sweep_report *sweep, size_t point, size_t row)
{
    const struct compare_report *report = sweep->points[point].report;
    return report && !report->rows[row].failure[0] ? &report->rows[row] : NULL;
}

double sweep_cost(const struct sweep_report *sweep, size_t point, size_t row)
{
    const struct compare_row *of = row_of(sweep, point, row);
    if (!of)
        return NAN;
    return is_mops(sweep) ? NS_TIMES_MOPS / of->compared.median : of->compared.median;
}

double sweep_rss_mib(const struct sweep_report *sweep, size_t point, size_t row)
{
    const struct compare_row *of = row_of(sweep, point, row);
    return of ? of->max_rss_kb / 1024 : NAN;
}
