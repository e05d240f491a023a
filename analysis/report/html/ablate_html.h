/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ABLATE_HTML_H
#define ANALYSIS_ABLATE_HTML_H

#include <stdio.h>

#include "report/ablate_model.h"

/* The page of `ablate`. -1 with errno. */
int ablate_print_html(const struct ablate_report *report, FILE *stream);

#endif
