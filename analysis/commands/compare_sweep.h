/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COMPARE_SWEEP_H
#define ANALYSIS_COMPARE_SWEEP_H

#include "compare_options.h"

/* compare --sweep: the exit code, after everything is printed. */
int compare_sweep(struct compare_options *options);

#endif
