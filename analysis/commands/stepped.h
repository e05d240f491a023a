/* SPDX-License-Identifier: MIT */
/* Runs a command under the stepper and opens what it wrote: what `count` and `annotate` do. */
#ifndef ANALYSIS_STEPPED_H
#define ANALYSIS_STEPPED_H

#include <stdint.h>

#include "collect/allocator.h"
#include "collect/step_file.h"
#include "collect/trace_folder.h"
#include "report/stepped_head.h"
#include "stepped_options.h"
#include "stepped_output.h"
#include "watcher_rights.h"

struct stepped_wish {
    const char *verb; /* of the command of this program, before what is complained of */
    const struct stepped_options *options;
    const struct allocator *allocator;
    const struct stepped_output *output; /* opened */
    int (*tick)(void *context);          /* as of launch_wait; NULL: nothing to do meanwhile */
    void *context;
};

struct stepped {
    struct allocator stepper;
    struct trace_folder folder;
    int steps;             /* the file that the stepper wrote; -1: none */
    struct step_file file; /* of at least one call */
    int status;            /* of the command, as of wait(2) */
};

/* Before anything else is done with it. */
void stepped_start(struct stepped *stepped);
void stepped_finish(struct stepped *stepped);

/* 0, or the exit code after one line on stderr. What can be known to fail fails in the first. */
int stepped_prepare(struct stepped *stepped, const char *verb);
int stepped_run(struct stepped *stepped, const struct stepped_wish *wish);
/* After the run, and the last that needs rights: gives them up, where that wasn't done, and reads
 * the steps. */
int stepped_open(struct stepped *stepped, const struct stepped_wish *wish);

/* What a watcher of the same command has to know: all but the process. */
struct watcher_rights stepped_rights(const struct stepped *stepped,
                                     const struct stepped_output *output);

/* Why stepping ended early, of a file whose header says so; NULL: it did not. */
const char *stepped_why_stopped(const struct step_header *header);

/* What the report begins with; `status` as of wait(2). Its texts live as long as the arguments. */
struct stepped_head stepped_head(const struct stepped_options *options,
                                 const struct allocator *allocator,
                                 const struct step_header *header, int status);

#endif
