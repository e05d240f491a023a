/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_WHY_HTML_H
#define ANALYSIS_WHY_HTML_H

#include <stdio.h>

#include "report/why_model.h"

/* The page of `why`. -1 with errno. */
int why_print_html(const struct why_report *report, FILE *stream);

#endif
