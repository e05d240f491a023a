/* SPDX-License-Identifier: MIT */
#include "ablate_model.h"

#include <stdio.h>
#include <string.h>

const char *const ablate_design_names[] = {
    [FACTORIAL_FULL] = "full", [FACTORIAL_HALF] = "half", [FACTORIAL_ONE] = "one"};

const char *const ablate_place_names[] = {[FACTORIAL_AVERAGE] = "average",
                                          [FACTORIAL_FROM_MODERN] = "modern",
                                          [FACTORIAL_FROM_FAR] = "far"};

const char *const ablate_verdict_names[] = {
    [ABLATE_UNKNOWN] = "unknown",
    [ABLATE_TOO_SMALL] = "too small to see here",
    [ABLATE_COSTS] = "costs",
    [ABLATE_SAVES] = "saves",
};

bool ablate_has_copy(const struct ablate_report *report, enum ablate_end end)
{
    const struct compare_row *rows = report->runs.rows;
    return strcmp(rows[report->controls + end].library, rows[report->ends[end]].library) != 0;
}

void ablate_effect_name(const struct ablate_report *report, size_t term,
                        char name[ABLATE_NAME_BYTES])
{
    size_t used = 0;
    for (size_t f = 0; f < report->factorial.factor_count; f++) {
        if (report->factorial.terms[term].factors >> f & 1)
            used += (size_t)snprintf(name + used, ABLATE_NAME_BYTES - used, "%s%s",
                                     used ? " x " : "", report->factors[f].name);
    }
}
