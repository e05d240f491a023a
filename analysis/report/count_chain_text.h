/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COUNT_CHAIN_TEXT_H
#define ANALYSIS_COUNT_CHAIN_TEXT_H

#include "count_model.h"
#include "terminal.h"

/* A line with malloc's and free's longest chain of dependent loads, on the path that most calls
 * took; none without a disassembler. */
void count_print_chains(const struct count_report *report, const struct terminal *terminal);

#endif
