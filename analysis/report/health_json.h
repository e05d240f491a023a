/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_HEALTH_JSON_H
#define ANALYSIS_HEALTH_JSON_H

#include <stdio.h>

#include "health_model.h"

/* Writes the check as JSON, as analysis/README.md documents it. 0, or -1 with errno. */
int health_print_json(const struct health_report *report, FILE *stream);

#endif
