/* SPDX-License-Identifier: MIT */
/* Intervals of ratios beside each other, drawn around 1 on one logarithmic axis:
 *
 *      0.80    1    1.25
 *              |  -o--
 */
#ifndef ANALYSIS_RATIO_FOREST_H
#define ANALYSIS_RATIO_FOREST_H

#include "statistics/interval.h"
#include "terminal.h"

enum { RATIO_FOREST_COLUMNS_MIN = 19, RATIO_FOREST_COLUMNS_MAX = 59 };

struct ratio_forest {
    double end;  /* logarithm of the ratio in the last column; 1 is in the middle */
    int columns; /* odd, within the two above */
};

/* As wide as there are columns for it. */
struct ratio_forest ratio_forest_start(int columns);

/* Widens the axis for one that is to be drawn; what is not taken may go beyond, and is cut off. */
void ratio_forest_take(struct ratio_forest *forest, double ratio, const struct interval *range);

/* Each prints `columns` columns. */
void ratio_forest_axis(const struct ratio_forest *forest, const struct terminal *terminal);
void ratio_forest_row(const struct ratio_forest *forest, double ratio, const struct interval *range,
                      const struct terminal *terminal);

#endif
