/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ANNOTATE_JSON_H
#define ANALYSIS_ANNOTATE_JSON_H

#include <stdio.h>

#include "annotate_model.h"

/* -1 with errno. */
int annotate_print_json(const struct annotate_report *report, FILE *stream);

#endif
