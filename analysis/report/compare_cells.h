/* SPDX-License-Identifier: MIT */
/* Figures and names as the tables of comparisons show them. */
#ifndef ANALYSIS_COMPARE_CELLS_H
#define ANALYSIS_COMPARE_CELLS_H

#include <stddef.h>

enum { COMPARE_CELL_BYTES = 32 };

/* Each returns `text`, or "-" for what is unknown. */

/* About five digits that tell, in at most seven columns. */
const char *compare_figure_text(double value, char text[COMPARE_CELL_BYTES]);
const char *compare_ratio_text(double value, char text[COMPARE_CELL_BYTES]);
const char *compare_count_text(double value, char text[COMPARE_CELL_BYTES]);

/* A name in so many columns: a long one keeps its end, where paths differ; what could harm a
 * terminal is left out. `text` holds one byte more. */
void compare_name_text(const char *name, size_t columns, char *text);

#endif
