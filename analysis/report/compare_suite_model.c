/* SPDX-License-Identifier: MIT */
#include "compare_suite_model.h"

#include <math.h>

bool suite_has(const struct suite_workload *workload, size_t row)
{
    const struct compare_report *report = workload->report;
    return report && !report->rows[row].failure[0] && isfinite(report->rows[row].compared.median);
}

static double speed_of(const struct compare_row *row)
{
    return row->ratio;
}

static double lightness_of(const struct compare_row *row)
{
    return 1 / row->memory_ratio;
}

static size_t best(const struct suite_workload *workload,
                   double (*merit)(const struct compare_row *))
{
    const struct compare_report *report = workload->report;
    size_t found = SIZE_MAX;
    for (size_t i = 0; report && i < report->row_count; i++) {
        if (!suite_shows(i) || compare_is_floor(report, i) || !suite_has(workload, i) ||
            !isfinite(merit(&report->rows[i])))
            continue;
        if (found == SIZE_MAX || merit(&report->rows[i]) > merit(&report->rows[found]))
            found = i;
    }
    return found;
}

size_t suite_fastest(const struct suite_workload *workload)
{
    return best(workload, speed_of);
}

size_t suite_leanest(const struct suite_workload *workload)
{
    return best(workload, lightness_of);
}
