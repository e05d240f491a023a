/* SPDX-License-Identifier: MIT */
/* The profile that pprof reads, and what else reads it: protobuf (profile.proto), compressed. */
#ifndef ANALYSIS_PPROF_H
#define ANALYSIS_PPROF_H

#include <stdio.h>

#include "stacks.h"

/* NULL, or why no profile can be written: which package was missing when this was built. */
const char *pprof_obstacle(void);

/* 0, or -1 with errno. */
int pprof_print(const struct stacks *stacks, FILE *stream);

#endif
