/* SPDX-License-Identifier: MIT */
/* The files of samples (src/follow_layout.h) that a command and its descendants leave in a folder,
 * one for each program image, to the call paths of their samples. */
#ifndef ANALYSIS_SAMPLED_FILES_H
#define ANALYSIS_SAMPLED_FILES_H

#include "attribute/attribute.h"
#include "attribute/unwind.h"
#include "collect/trace_folder.h"
#include "follow_layout.h"

/* More samples than this are left where they are. */
enum { SAMPLED_FILES_MOST = 1 << 20 };

struct sampled_files {
    const char *magic;  /* of the files, and how their names end: "<pid>.<n>.follow" */
    const char *suffix; /* with the point */
    struct trace_folder *folder;
    struct attributor *attributor; /* its mappings are those of the file at hand */
    /* A sample of process `pid` whose stack is `count` addresses as of unwind.h, `most_frames` at
     * the most. False: no memory. */
    bool (*take)(void *context, const struct follow_sample *sample, pid_t pid,
                 const uint64_t *addresses, size_t count);
    /* An image's samples were all taken: it `has_ended`, or may run still. Or NULL. */
    void (*end_image)(void *context, bool has_ended);
    void *context;
    size_t most_frames;

    uint64_t images, programs;             /* that left a file; of these, with samples */
    uint64_t samples, lost;                /* taken; that the programs could not take */
    uint64_t unreadable, stopped, skipped; /* files; images that could not write all; samples */
    int why_stopped;                       /* of the last of these: errno, or FOLLOW_FULL */
    bool no_memory;
};

/* Takes in the files of processes that ended, and removes them; with `all`, everybody's. */
void sampled_files_take(struct sampled_files *files, bool all);

#endif
