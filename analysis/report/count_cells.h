/* SPDX-License-Identifier: MIT */
/* Instructions, loads, stores and branches of a call, as four cells of a table. */
#ifndef ANALYSIS_COUNT_CELLS_H
#define ANALYSIS_COUNT_CELLS_H

#include <stdbool.h>
#include <stdio.h>

#include "count_model.h"

enum { COUNT_CELLS = 4 };

extern const char count_cells_heading[];

/* Hundredths of a call's: the rows' are rounded as differences of rounded sums, so that what is
 * printed adds up to what is printed. */
struct count_column {
    uint64_t calls, sum, shown;
};

/* Before the first row, and again before the row of sums. */
void count_cells_start(struct count_column columns[COUNT_CELLS], uint64_t calls);

/* 28 columns; "-" where there are no calls, and without a disassembler but of instructions. */
void count_cells_print(struct count_column columns[COUNT_CELLS],
                       const struct count_effects *effects, bool disassembled, FILE *stream);

#endif
