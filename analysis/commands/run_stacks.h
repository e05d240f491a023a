/* SPDX-License-Identifier: MIT */
/* `run --heap` for other programs: the sampled heap's stacks. */
#ifndef ANALYSIS_RUN_STACKS_H
#define ANALYSIS_RUN_STACKS_H

#include "heap_run.h"
#include "report/model.h"
#include "stack_output.h"

/* What is wrong about the options. 0, or the exit code after one line on stderr. */
int run_stacks_check(const struct stack_output *output, bool with_heap);

/* Of the report that was filled, of a run that began at `began_ns` since 1970. Where that is not 0,
 * `code` in any case; else 0, or the exit code after one line on stderr. */
int run_stacks_write(struct stack_output *output, struct heap_run *heap,
                     const struct report *report, uint64_t began_ns, int code);

#endif
