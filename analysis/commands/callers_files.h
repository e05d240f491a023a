/* SPDX-License-Identifier: MIT */
/* The files that the follower leaves, one for each program image, to the paths of their samples. */
#ifndef ANALYSIS_CALLERS_FILES_H
#define ANALYSIS_CALLERS_FILES_H

#include "attribute/unwind.h"
#include "callers_paths.h"
#include "callers_stacks.h"
#include "callers_tally.h"
#include "collect/trace_folder.h"

/* More samples than this are left where they are. */
enum { CALLERS_SAMPLES_MAX = 1 << 20 };

struct callers_files {
    struct trace_folder *folder;
    struct attributor *attributor; /* of no allocator; its mappings are those of the file at hand */
    struct callers_paths *paths;
    struct callers_tally *tally;
    struct callers_stacks *stacks;
    uint64_t images, programs;             /* that left a file; of these, with samples */
    uint64_t unreadable, stopped, skipped; /* files; images that could not write all; samples */
    int why_stopped;                       /* of the last of these: errno, or FOLLOW_FULL */
    bool no_memory;
};

/* Takes in the files of processes that ended, and removes them; with `all`, everybody's. */
void callers_files_take(struct callers_files *files, bool all);

#endif
