/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ABLATE_JSON_H
#define ANALYSIS_ABLATE_JSON_H

#include <stdio.h>

#include "ablate_model.h"

/* Writes the ablation as JSON, as analysis/README.md documents it. 0, or -1 with errno. */
int ablate_print_json(const struct ablate_report *report, FILE *stream);

#endif
