/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_WHY_JSON_H
#define ANALYSIS_WHY_JSON_H

#include <stdio.h>

#include "why_model.h"

/* Writes the report as JSON, as analysis/README.md documents it. 0, or -1 with errno. */
int why_print_json(const struct why_report *report, FILE *stream);

#endif
