/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_JSON_H
#define ANALYSIS_JSON_H

#include <stdio.h>

#include "model.h"

#define REPORT_SCHEMA "hakmem-trace/1"

/* Writes the report as JSON, as analysis/README.md documents it. 0, or -1 with errno. */
int report_print_json(const struct report *report, FILE *stream);

#endif
