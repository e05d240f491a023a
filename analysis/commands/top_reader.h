/* SPDX-License-Identifier: MIT */
/* Opens every instrument that can be had on a process that runs, and reads them all. */
#ifndef ANALYSIS_TOP_READER_H
#define ANALYSIS_TOP_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "collect/live_counters.h"
#include "collect/process_state.h"
#include "collect/running_allocator.h"
#include "collect/thread_times.h"
#include "report/top_model.h"
#include "top_options.h"
#include "watching.h"

struct top_reader {
    pid_t pid;
    uint64_t started; /* tells the process from a later one of the same number */
    struct running_allocator allocator;
    struct live_counters live;
    struct watching watching;
    struct profile settled; /* a copy, with nothing undecided */
    struct thread_times threads;
    char name[PROCESS_NAME]; /* of the process, as it was when `program` was told */
    size_t noted;            /* notes of the attributor */
    bool has_let_go;         /* some probes are not watched any more */
    double cpu_before;       /* the process's, in seconds */
};

/* 0, or the exit code after one line on stderr: there is none, or it may not be looked into. */
int top_reader_find(struct top_reader *reader, pid_t pid);

/* Fills the target, with a note on whatever can't be had; then no right is left but those that
 * every process has. False with errno where they could not be given up. */
bool top_reader_open(struct top_reader *reader, const struct top_options *options,
                     struct top_target *target);

/* To be called every 20 to 100 ms. False: the process has ended. */
bool top_reader_tick(struct top_reader *reader);

/* False: the process has ended. */
bool top_reader_read(struct top_reader *reader, struct top_target *target,
                     struct top_reading *reading);

void top_reader_close(struct top_reader *reader);

#endif
