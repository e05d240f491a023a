/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COMPARE_SWEEP_TEXT_H
#define ANALYSIS_COMPARE_SWEEP_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "compare_sweep_model.h"

/* Two tables and two plots, of cost and of memory; `details`: each value's own report too. */
void sweep_print_text(const struct sweep_report *sweep, bool details, FILE *stream);

#endif
