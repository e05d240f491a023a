/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ADVISE_JSON_H
#define ANALYSIS_ADVISE_JSON_H

#include <stdio.h>

#include "advise_model.h"

/* 0, or -1 with errno. */
int advise_print_json(const struct advise_report *report, FILE *stream);

#endif
