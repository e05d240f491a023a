/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COMPARE_SWEEP_JSON_H
#define ANALYSIS_COMPARE_SWEEP_JSON_H

#include <stdio.h>

#include "compare_sweep_model.h"

/* Writes the sweep as JSON, as analysis/README.md documents it. 0, or -1 with errno. */
int sweep_print_json(const struct sweep_report *sweep, FILE *stream);

#endif
