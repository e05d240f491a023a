/* SPDX-License-Identifier: MIT */
/* Bars that float, from one value to the next, on an axis that all rows of a table share. */
#ifndef ANALYSIS_WATERFALL_BAR_H
#define ANALYSIS_WATERFALL_BAR_H

#include "terminal.h"

struct waterfall_axis {
    double low, high; /* at the left and the right end */
    int columns;
};

/* Grows the axis so that the value has a place on it. Begins as {NAN, NAN, columns}. */
void waterfall_axis_take(struct waterfall_axis *axis, double value);

/* Room at the left, so that bars which begin there are seen; not below 0 unless a value is. */
void waterfall_axis_widen(struct waterfall_axis *axis);

/* To half a column: blocks, or # where there is no UTF-8; a stroke where it is thinner. Nothing
 * where a value is NAN. What follows it on the line is not padded. */
void waterfall_bar(const struct waterfall_axis *axis, const struct terminal *terminal, double from,
                   double to);

#endif
