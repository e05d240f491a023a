/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_CALLERS_TEXT_H
#define ANALYSIS_CALLERS_TEXT_H

#include <stdio.h>

#include "callers_model.h"

/* The costliest paths by time and by bytes, with what became of their blocks, advice, and notes. */
void callers_print_text(const struct callers_report *report, FILE *stream);

#endif
