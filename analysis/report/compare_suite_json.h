/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COMPARE_SUITE_JSON_H
#define ANALYSIS_COMPARE_SUITE_JSON_H

#include <stdio.h>

#include "compare_suite_model.h"

/* Writes the suite as JSON, as analysis/README.md documents it. 0, or -1 with errno. */
int suite_print_json(const struct suite_report *suite, FILE *stream);

#endif
