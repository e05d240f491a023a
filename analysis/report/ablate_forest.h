/* SPDX-License-Identifier: MIT */
/* Intervals of ratios beside each other, drawn around 1 on one logarithmic axis:
 *
 *      0.80    1    1.25
 *              |  -o--
 */
#ifndef ANALYSIS_ABLATE_FOREST_H
#define ANALYSIS_ABLATE_FOREST_H

#include "ablate_model.h"
#include "terminal.h"

enum { ABLATE_FOREST_COLUMNS = 19 };

struct ablate_forest {
    double end; /* logarithm of the ratio in the last column; 1 is in the middle */
};

/* Wide enough for every effect; a control may go beyond and is cut off. */
struct ablate_forest ablate_forest_of(const struct ablate_report *report);

/* Each prints ABLATE_FOREST_COLUMNS columns. */
void ablate_forest_axis(const struct ablate_forest *forest, const struct terminal *terminal);
void ablate_forest_row(const struct ablate_forest *forest, const struct ablate_estimate *estimate,
                       const struct terminal *terminal);

#endif
