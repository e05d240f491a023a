/* SPDX-License-Identifier: MIT */
/* What --factors and --design mean. 0, or the exit code after one line on stderr. */
#ifndef ANALYSIS_ABLATE_FACTORS_H
#define ANALYSIS_ABLATE_FACTORS_H

#include "ablate_options.h"

/* NULL: all but check. */
int ablate_factors_take(const char *list, struct ablate_options *options);

/* NULL: what suits the number of factors, which must be known. */
int ablate_design_take(const char *name, struct ablate_options *options);

#endif
