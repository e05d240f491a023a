/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_HEALTH_TEXT_H
#define ANALYSIS_HEALTH_TEXT_H

#include <stdio.h>

#include "health_model.h"

/* A line for each profile, its reasons below, and the sum. */
void health_print_text(const struct health_report *report, FILE *stream);

#endif
