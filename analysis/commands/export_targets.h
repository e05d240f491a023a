/* SPDX-License-Identifier: MIT */
/* The processes whose counters `export` reads: those that were named, or every one on libhakmem. */
#ifndef ANALYSIS_EXPORT_TARGETS_H
#define ANALYSIS_EXPORT_TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "collect/counters.h"
#include "collect/process_state.h"
#include "export_options.h"
#include "report/top_list.h"

struct export_target {
    pid_t pid;
    uint64_t started; /* tells it from a later process of the same number */
    uint64_t pointer; /* to its counters, as it was found last; 0: not known */
    char program[PROCESS_NAME];
    bool was_read; /* `image` holds what it counts now */
    struct counters_image image;
    uint64_t resident;
};

struct export_targets {
    struct export_target targets[TOP_LIST_MAX];
    size_t count;
    bool all;
};

/* Before any right is given up. 0, or the exit code after one line on stderr. */
int export_targets_find(struct export_targets *targets, const struct export_options *options);

/* The one that began first; 1 where all are looked for. */
pid_t export_targets_oldest(const struct export_targets *targets);

/* Reads them all, and looks for new ones where all are wanted. False: those named have ended. */
bool export_targets_read(struct export_targets *targets);

/* Do any of those named still run? Always, where all are wanted. */
bool export_targets_run(const struct export_targets *targets);

/* What was read, as text. */
void export_targets_write(const struct export_targets *targets, enum hak_metrics_format format,
                          FILE *stream);

#endif
