/* SPDX-License-Identifier: MIT */
/* The stacks of `callers` as formats print them: with lines and inlined functions. */
#ifndef ANALYSIS_CALLERS_STACKS_MODEL_H
#define ANALYSIS_CALLERS_STACKS_MODEL_H

#include "callers_run.h"
#include "report/formats/stacks.h"

/* Values are of the types samples (count) and time (nanoseconds), where time was sampled, and
 * alloc_objects, inuse_objects (count), alloc_space, inuse_space (bytes): estimates, whose sums are
 * the report's; inuse is what was live at the program's end. Texts live as long as the run. False:
 * no memory. A note of the report says what took too long to be looked up. */
bool callers_stacks_model(struct callers_run *run, struct callers_report *report,
                          struct stacks *stacks);

#endif
