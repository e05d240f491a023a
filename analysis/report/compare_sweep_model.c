/* SPDX-License-Identifier: MIT */
#include "compare_sweep_model.h"

#include <math.h>

const char *sweep_cost_unit(const struct sweep_report *sweep)
{
    if (compare_is_mops(sweep->blank))
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
    return compare_is_mops(sweep->blank) ? COMPARE_NS_TIMES_MOPS / of->compared.median
                                         : of->compared.median;
}

double sweep_rss_mib(const struct sweep_report *sweep, size_t point, size_t row)
{
    const struct compare_row *of = row_of(sweep, point, row);
    return of ? of->max_rss_kb / 1024 : NAN;
}
