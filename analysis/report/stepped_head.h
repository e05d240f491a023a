/* SPDX-License-Identifier: MIT */
/* What the reports of `count` and `annotate` begin with: what ran, and what of it was stepped. */
#ifndef ANALYSIS_STEPPED_HEAD_H
#define ANALYSIS_STEPPED_HEAD_H

#include <stdint.h>

struct terminal;

struct stepped_head {
    char *const *command;
    int exit_code, signal;
    const char *allocator, *library; /* library: NULL where nothing is preloaded */
    const char *program;             /* of the process that was stepped */
    int pid;
    uint64_t skipped, wanted, calls; /* of one thread */
    const char *stopped;             /* why before `wanted` calls, or NULL */
};

void stepped_head_print(const struct stepped_head *head, const struct terminal *terminal);

#endif
