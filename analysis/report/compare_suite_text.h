/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COMPARE_SUITE_TEXT_H
#define ANALYSIS_COMPARE_SUITE_TEXT_H

#include <stdio.h>

#include "compare_suite_model.h"

/* Prints the suite for people, within 80 columns for up to six allocators; with details each
 * workload's own report follows. */
void suite_print_text(const struct suite_report *suite, bool details, FILE *stream);

#endif
