/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ABLATE_TEXT_H
#define ANALYSIS_ABLATE_TEXT_H

#include <stdio.h>

#include "ablate_model.h"

/* `details`: the interactions that are too small, and every cell, too. */
void ablate_print_text(const struct ablate_report *report, bool details, FILE *stream);

#endif
