/* SPDX-License-Identifier: MIT */
/* The lines of the file of `ablate --save`. Lines end with \n; those returned are the caller's,
 * NULL with errno. */
#ifndef ANALYSIS_ABLATE_SAVE_LINES_H
#define ANALYSIS_ABLATE_SAVE_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "report/ablate_model.h"

/* All that a run depends on, the libraries' contents among them. */
char *ablate_save_description(const struct ablate_report *report);

/* What differs, in words. */
void ablate_save_difference(const char *own, const char *other, char *why, size_t why_bytes);

/* The last run of a row. */
char *ablate_save_run_line(const struct ablate_report *report, size_t row);

/* Adds such a run to its row. False where the line is not the row's next one. */
bool ablate_save_take_run(const char *line, struct ablate_report *report);

#endif
