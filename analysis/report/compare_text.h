/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COMPARE_TEXT_H
#define ANALYSIS_COMPARE_TEXT_H

#include <stdio.h>

#include "compare_model.h"
#include "terminal.h"

/* Prints the comparison for people, within 80 columns. */
void compare_print_text(const struct compare_report *report, bool details, FILE *stream);

void compare_print_notes(const struct compare_report *report, const struct terminal *terminal);

/* The last lines of what a command printed, indented, without what could harm a terminal. */
void compare_print_output(const struct terminal *terminal, const char *output);

#endif
