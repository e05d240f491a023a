/* SPDX-License-Identifier: MIT */
/*
 * Collapsed stacks, as scripts that draw flame graphs read them (B. Gregg, "The Flame Graph",
 * Communications of the ACM 59 (2016), number 6): a line for each path, its functions from the
 * outermost to the innermost with semicolons between, a space, and one value.
 */
#ifndef ANALYSIS_COLLAPSED_H
#define ANALYSIS_COLLAPSED_H

#include <stdio.h>

#include "stacks.h"

/* Of the type with that index. 0, or -1 with errno. */
int collapsed_print(const struct stacks *stacks, size_t type, FILE *stream);

#endif
