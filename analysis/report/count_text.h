/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COUNT_TEXT_H
#define ANALYSIS_COUNT_TEXT_H

#include <stdio.h>

#include "count_model.h"

/* A line for malloc and one for free, the table of sources, that of paths, and notes. */
void count_print_text(const struct count_report *report, FILE *stream);

#endif
