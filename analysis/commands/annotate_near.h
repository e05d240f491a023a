/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ANNOTATE_NEAR_H
#define ANALYSIS_ANNOTATE_NEAR_H

#include "attribute/attribute.h"

/* Writes up to five names that hold `name`, or else are at most two letters from it, as "a, b";
 * empty where there are none. */
void annotate_near(const struct attributed_function *functions, size_t count, const char *name,
                   char *text, size_t bytes);

#endif
