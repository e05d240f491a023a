/* SPDX-License-Identifier: MIT */
/* The tables of a report of `why`: the waterfall, instructions, everything else measured. */
#ifndef ANALYSIS_WHY_TABLES_H
#define ANALYSIS_WHY_TABLES_H

#include "terminal.h"
#include "why_model.h"

enum { WHY_NAME_COLUMNS = 20, WHY_SIDE_COLUMNS = 9 };

/* Each prints nothing where there is nothing to tell. */
void why_print_waterfall(const struct why_report *report, const struct terminal *terminal);
void why_print_instructions(const struct why_report *report, const struct terminal *terminal);
void why_print_figures(const struct why_report *report, const struct terminal *terminal);

#endif
