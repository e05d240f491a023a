/* SPDX-License-Identifier: MIT */
/*
 * The private folder in which the command and its descendants leave raw traces, one for each
 * program image. Of processes that ended only the busiest one's is kept, also while the command
 * still runs, so that a build with thousands of compilers does not fill the disk.
 */
#ifndef ANALYSIS_TRACE_FOLDER_H
#define ANALYSIS_TRACE_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trace_folder {
    char path[PATH_MAX];
    int descriptor;
    const char *process; /* the program's name or its path's last part; NULL: any */
    char best[64];       /* the file kept; empty: none so far */
    uint64_t best_count; /* its records */
    uint64_t images;     /* program images whose files were looked at when they had ended */
    uint64_t left_out;   /* of these, the ones without a header: the recorder had no room */
    char seen[512];      /* names of programs, to tell when none is the one asked for */
};

/* Makes it in `parent`, readable by its owner alone. -1 with errno. */
int trace_folder_create(struct trace_folder *folder, const char *parent, const char *process);

/* Looks at the files of processes that ended and removes all but the busiest one's; with `all`, at
 * everybody's. */
void trace_folder_tidy(struct trace_folder *folder, bool all);

/* The file that is kept; -1: none. */
int trace_folder_open(const struct trace_folder *folder);

void trace_folder_remove(struct trace_folder *folder);

#endif
