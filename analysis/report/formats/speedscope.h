/* SPDX-License-Identifier: MIT */
/* The JSON that https://www.speedscope.app opens: one list of frames, and of each value a profile
 * of weighted stacks (https://www.speedscope.app/file-format-schema.json). */
#ifndef ANALYSIS_SPEEDSCOPE_H
#define ANALYSIS_SPEEDSCOPE_H

#include <stdio.h>

#include "stacks.h"

/* 0, or -1 with errno. */
int speedscope_print(const struct stacks *stacks, FILE *stream);

#endif
