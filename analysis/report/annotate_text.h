/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ANNOTATE_TEXT_H
#define ANALYSIS_ANNOTATE_TEXT_H

#include <stdio.h>

#include "annotate_model.h"

/* What ran, the functions one after another or the list, and notes. A label stands before every
 * instruction; on a terminal it has its source's colour as well. */
void annotate_print_text(const struct annotate_report *report, FILE *stream);

#endif
