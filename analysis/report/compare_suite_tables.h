/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COMPARE_SUITE_TABLES_H
#define ANALYSIS_COMPARE_SUITE_TABLES_H

#include "compare_suite_model.h"
#include "terminal.h"

/* The table of speed, the table of memory, and what their columns mean. */
void suite_print_tables(const struct suite_report *suite, const struct terminal *terminal);

#endif
