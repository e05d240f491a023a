/* SPDX-License-Identifier: MIT */
/* A sampled heap as stacks: of what was handed out (alloc), what was never given back (inuse), and
 * what was live at the peak (peak), blocks (_objects, count) and bytes (_space). */
#ifndef ANALYSIS_HEAP_STACKS_H
#define ANALYSIS_HEAP_STACKS_H

#include "report/heap_model.h"
#include "stacks.h"

/* The build id of a file as hexadecimal digits, or NULL. */
typedef const char *heap_stacks_build_id(void *context, const char *path);

/* Fills the empty `stacks`, whose texts are the report's and those of `build_id`. False: no memory.
 */
bool heap_stacks_fill(struct stacks *stacks, const struct heap_report *report,
                      heap_stacks_build_id *build_id, void *context);

/* The names of the values, NULL behind the last. */
extern const char *const heap_stacks_values[];

#endif
