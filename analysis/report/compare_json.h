/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COMPARE_JSON_H
#define ANALYSIS_COMPARE_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "compare_model.h"

/* For reports that hold runs, or whole comparisons. NULL without memory. */
json_t *compare_run_json(const struct compare_run *run);
json_t *compare_json(const struct compare_report *report);

/* Writes the comparison as JSON, as analysis/README.md documents it. 0, or -1 with errno. */
int compare_print_json(const struct compare_report *report, FILE *stream);

#endif
