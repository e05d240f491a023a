/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_WHY_TEXT_H
#define ANALYSIS_WHY_TEXT_H

#include <stdio.h>

#include "why_model.h"

/* The report for people, within 80 columns. */
void why_print_text(const struct why_report *report, FILE *stream);

#endif
