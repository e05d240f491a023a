/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COUNT_JSON_H
#define ANALYSIS_COUNT_JSON_H

#include <stdio.h>

#include "count_model.h"

/* -1 with errno. */
int count_print_json(const struct count_report *report, FILE *stream);

#endif
