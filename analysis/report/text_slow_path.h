/* SPDX-License-Identifier: MIT */
/* The slow paths in the text of run; nothing where they were not watched. */
#ifndef ANALYSIS_TEXT_SLOW_PATH_H
#define ANALYSIS_TEXT_SLOW_PATH_H

#include "slow_path_model.h"
#include "terminal.h"

void print_slow_path(const struct report_slow_path *slow_path, const struct terminal *terminal);

#endif
