/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COMPARE_SUITE_LOSSES_H
#define ANALYSIS_COMPARE_SUITE_LOSSES_H

#include "compare_suite_model.h"
#include "terminal.h"

/* Says where the first allocator is behind the best, in speed and in memory. */
void suite_print_losses(const struct suite_report *suite, const struct terminal *terminal);

#endif
