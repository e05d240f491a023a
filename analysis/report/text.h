/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_TEXT_H
#define ANALYSIS_TEXT_H

#include <stdio.h>

#include "model.h"

/* Prints the report for people. */
void report_print_text(const struct report *report, FILE *stream);

#endif
