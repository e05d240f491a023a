/* SPDX-License-Identifier: MIT */
#include "compare_progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect/clock.h"
#include "compare_process.h"

enum { BAR_COLUMNS = 30, QUIET_S = 2 };

void compare_progress_start(struct compare_progress *progress, size_t total)
{
    *progress = (struct compare_progress){.start = clock_seconds(), .unit = "runs", .total = total};
    const char *kind = getenv("TERM");
    progress->is_terminal = isatty(STDERR_FILENO) && kind && strcmp(kind, "dumb") != 0;
    terminal_start(&progress->terminal, stderr);
}

void compare_progress_show(struct compare_progress *progress)
{
    double elapsed = clock_seconds() - progress->start;
    if (!progress->is_terminal || elapsed < QUIET_S)
        return;
    double part = (double)progress->done / (double)progress->total;
    int columns = (int)(part * BAR_COLUMNS);
    fputs("\r[", stderr);
    terminal_bar(&progress->terminal, (double)columns / BAR_COLUMNS, BAR_COLUMNS);
    fprintf(stderr, "%*s] %zu of %zu %s", BAR_COLUMNS - columns, "", progress->done,
            progress->total, progress->unit);
    if (progress->done) {
        long left = (long)(elapsed / part - elapsed + 0.5);
        fprintf(stderr, ", %ld:%02ld left", left / 60, left % 60);
    }
    if (progress->label)
        fprintf(stderr, ", %s", progress->label);
    fputs("\033[K", stderr);
    progress->is_shown = true;
}

void compare_progress_clear(struct compare_progress *progress)
{
    if (progress->is_shown)
        fputs("\r\033[K", stderr);
    progress->is_shown = false;
}
