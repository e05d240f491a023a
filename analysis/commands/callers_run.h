/* SPDX-License-Identifier: MIT */
/* Runs a command under the follower and the sampler, and says what its call paths cost: all of
 * `callers` but options and output. */
#ifndef ANALYSIS_CALLERS_RUN_H
#define ANALYSIS_CALLERS_RUN_H

#include "callers_paths.h"
#include "callers_stacks.h"
#include "callers_tally.h"
#include "callers_time.h"
#include "collect/allocator.h"
#include "collect/launch.h"
#include "collect/trace_folder.h"
#include "report/callers_model.h"
#include "sampled_files.h"
#include "stack_output.h"
#include "stepped_output.h"
#include "watcher_rights.h"

struct callers_wish {
    const char *verb; /* of the command of this program, before what is complained of */
    char *const *command;
    const struct allocator *allocator;
    const struct stepped_output *output; /* opened */
    const struct stack_output *stacks;   /* the same; NULL: none */
    uint64_t mean;                       /* bytes between sampled calls, see src/follow_layout.h */
    unsigned frequency; /* samples a second of processor time; 0: what the budget allows */
    double budget;      /* of the processor time, what these may cost */
    uint64_t top;       /* paths shown of each kind: their lines are looked up */
};

/* Too big for a stack that the user may have bounded. */
struct callers_run {
    const struct callers_wish *wish;
    struct allocator follower;
    struct trace_folder folder;
    struct callers_paths paths;
    struct callers_tally tally;
    struct callers_stacks stacks; /* empty where none are wanted */
    struct callers_time_sampling time;
    struct sampled_files files;
    char rights_note[WATCHER_NOTE]; /* of rights that could not be given up, or empty */
    unsigned ticks;
    uint64_t began_ns;     /* since 1970, when the command was let go */
    struct launch_end end; /* of the command */
};

/* Before anything else is done with it; after all. The report's texts live until then. */
void callers_run_start(struct callers_run *run, const struct callers_wish *wish);
void callers_run_finish(struct callers_run *run);

/* In this order. 0, or the exit code after one line on stderr. What can be known to fail fails in
 * the first; the last fills in the report, with advice, and fails where nothing was sampled. */
int callers_run_prepare(struct callers_run *run);
int callers_run_command(struct callers_run *run);
int callers_run_report(struct callers_run *run, struct callers_report *report);

#endif
