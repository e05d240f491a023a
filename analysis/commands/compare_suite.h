/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COMPARE_SUITE_H
#define ANALYSIS_COMPARE_SUITE_H

#include "compare_options.h"

/* `compare --suite`: its exit code. */
int compare_suite(struct compare_options *options);

#endif
