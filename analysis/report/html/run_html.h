/* SPDX-License-Identifier: MIT */
/* The page of what was watched: `run` and `attach`. */
#ifndef ANALYSIS_RUN_HTML_H
#define ANALYSIS_RUN_HTML_H

#include <stdio.h>

#include "../model.h"

/* 0, or -1 with errno. */
int report_print_html(const struct report *report, FILE *stream);

#endif
