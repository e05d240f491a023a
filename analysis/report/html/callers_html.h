/* SPDX-License-Identifier: MIT */
/* The page of call paths: flame graphs, tables and advice. */
#ifndef ANALYSIS_CALLERS_HTML_H
#define ANALYSIS_CALLERS_HTML_H

#include <stdio.h>

#include "../callers_model.h"

/* 0, or -1 with errno. */
int callers_print_html(const struct callers_report *report, FILE *stream);

#endif
