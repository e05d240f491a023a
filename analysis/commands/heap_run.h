/* SPDX-License-Identifier: MIT */
/* The sampled heap of a command that is watched: what run --heap adds to run. */
#ifndef ANALYSIS_HEAP_RUN_H
#define ANALYSIS_HEAP_RUN_H

#include "collect/allocator.h"
#include "collect/environment.h"
#include "collect/trace_folder.h"
#include "heap_paths.h"
#include "heap_tally.h"
#include "report/heap_model.h"
#include "sampled_files.h"

#define HEAP_INTERVAL_MAX ((uint64_t)1 << 40) /* bytes; as of src/sample.h */

enum { HEAP_INTERVAL = 512 * 1024 };

struct heap_run {
    bool finds_all_lines; /* not of the costliest paths alone; set at the beginning */
    uint64_t interval;    /* that was asked for; 0: no heap, and nothing below does anything */
    struct trace_folder folder;
    struct sampled_files files;
    struct heap_paths paths;
    struct heap_tally tally;
    struct heap_report report;
};

/* Before anything privileged is open; the interval is set. `with`: what named the allocator, which
 * must be hakmem, or a path, whose library may be another hakmem. 0, or the exit code after one
 * line on stderr. */
int heap_run_prepare(struct heap_run *run, const char *with, const struct allocator *allocator);

/* What the command's libhakmem is told. False with errno. */
bool heap_run_tell(const struct heap_run *run, struct environment *environment);

/* Takes in what programs have left that ended. */
void heap_run_tick(struct heap_run *run);

/* The command, let go at `start` (seconds of the monotonic clock), has ended: the report; NULL
 * where none was asked for, or memory is out. It lives until heap_run_finish. */
const struct heap_report *heap_run_report(struct heap_run *run, double start);

void heap_run_finish(struct heap_run *run);

#endif
