/* SPDX-License-Identifier: MIT */
/* A bar with the time left, on a terminal, of what takes more than two seconds. */
#ifndef ANALYSIS_COMPARE_PROGRESS_H
#define ANALYSIS_COMPARE_PROGRESS_H

#include <stddef.h>

#include "report/terminal.h"

struct compare_progress {
    struct terminal terminal;
    bool is_terminal, is_shown;
    double start;
    size_t done, total; /* runs */
    const char *label;  /* what is running now; NULL: there is but one thing */
};

void compare_progress_start(struct compare_progress *progress, size_t total);
void compare_progress_show(struct compare_progress *progress);
void compare_progress_clear(struct compare_progress *progress);

#endif
