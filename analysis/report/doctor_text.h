/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_DOCTOR_TEXT_H
#define ANALYSIS_DOCTOR_TEXT_H

#include <stdio.h>

#include "doctor_model.h"

/* A heading for each group, a line for each check, what would make it ok below it, and the tier. */
void doctor_print_text(const struct doctor_report *report, FILE *stream);

#endif
