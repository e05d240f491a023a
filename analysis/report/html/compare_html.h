/* SPDX-License-Identifier: MIT */
/* The page of a comparison, of a suite of them, and of a sweep. */
#ifndef ANALYSIS_COMPARE_HTML_H
#define ANALYSIS_COMPARE_HTML_H

#include <stdio.h>

#include "report/compare_model.h"
#include "report/compare_suite_model.h"
#include "report/compare_sweep_model.h"

/* -1 with errno. */
int compare_print_html(const struct compare_report *report, FILE *stream);
int suite_print_html(const struct suite_report *suite, FILE *stream);
int sweep_print_html(const struct sweep_report *sweep, FILE *stream);

#endif
