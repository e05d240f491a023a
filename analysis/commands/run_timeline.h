/* SPDX-License-Identifier: MIT */
/* `run --timeline`: what the run did in time, for ui.perfetto.dev. */
#ifndef ANALYSIS_RUN_TIMELINE_H
#define ANALYSIS_RUN_TIMELINE_H

#include "profile_times.h"
#include "report/output.h"
#include "watching.h"

struct run_timeline {
    const char *path; /* NULL: none is wanted, and nothing below does anything */
    struct output output;
    struct profile_times times;
    struct timeline_track *counts, *busy; /* slow-path events by kind, and their time */
};

/* Before anything is watched. 0, or here and below the exit code after one line on stderr. */
int run_timeline_open(struct run_timeline *run, const char *path);

/* Before watching_start, and when the command was let go. */
void run_timeline_watch(struct run_timeline *run, struct watching *watching);
void run_timeline_began(struct run_timeline *run, const struct watching *watching, double began_s);

/* While it runs: reads what slow paths there were. */
void run_timeline_tick(struct run_timeline *run, struct watching *watching);

/* Of the report that was filled; `pid` is the command's. Where that is not 0, `code` in any case.
 */
int run_timeline_write(struct run_timeline *run, const struct watching *watching, int pid,
                       int code);

/* Leaves no half-written file behind. */
void run_timeline_close(struct run_timeline *run);

#endif
