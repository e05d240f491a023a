/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_CALLERS_JSON_H
#define ANALYSIS_CALLERS_JSON_H

#include <stdio.h>

#include "callers_model.h"

/* 0, or -1 with errno. */
int callers_print_json(const struct callers_report *report, FILE *stream);

#endif
