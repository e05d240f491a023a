/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ADVISE_TEXT_H
#define ANALYSIS_ADVISE_TEXT_H

#include <stdio.h>

#include "advise_model.h"

/* The advice on one screen: ADVISE_LINES lines at most. */
enum { ADVISE_LINES = 24 };

void advise_print_text(const struct advise_report *report, FILE *stream);

#endif
