/* SPDX-License-Identifier: MIT */
/* The page of annotated functions: their machine code with sources, counts and shares. */
#ifndef ANALYSIS_ANNOTATE_HTML_H
#define ANALYSIS_ANNOTATE_HTML_H

#include <stdio.h>

#include "../annotate_model.h"

/* 0, or -1 with errno. */
int annotate_print_html(const struct annotate_report *report, FILE *stream);

#endif
