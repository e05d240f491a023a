/* SPDX-License-Identifier: MIT */
/* What other commands' JSON says, put into the report of an advice. Runs nothing; what is missing
 * in the JSON stays unknown. */
#ifndef ANALYSIS_ADVISE_READ_H
#define ANALYSIS_ADVISE_READ_H

#include <jansson.h>

#include "report/advise_model.h"

/* Of `run --with own`: the times, malloc's share, and whose malloc it is. Returns the signal that
 * ended the program, or 0. */
int advise_read_run(const json_t *root, struct advise_report *report);

/* Of `run --with hakmem` afterwards: whether libhakmem came into it, and which malloc stayed. Where
 * the first run has found no malloc, its share is taken from here: libhakmem is always found. */
void advise_read_replaced(const json_t *root, struct advise_report *report);

/* Of `callers`: the sites that there is advice for, then those that cost most. */
void advise_read_callers(const json_t *root, struct advise_report *report);

#endif
