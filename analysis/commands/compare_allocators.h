/* SPDX-License-Identifier: MIT */
/* From what `compare --with` names to the rows of its report. */
#ifndef ANALYSIS_COMPARE_ALLOCATORS_H
#define ANALYSIS_COMPARE_ALLOCATORS_H

#include "collect/allocator.h"
#include "report/compare_model.h"

struct compare_allocator {
    struct allocator found;
    char *preload;         /* value of LD_PRELOAD; NULL: glibc, nothing is added */
    char folder[PATH_MAX]; /* of a link to a library whose path can't be preloaded; else empty */
};

/* From what was found to what is preloaded. 0, or the exit code after one line on stderr. */
int compare_allocator_prepare(struct compare_allocator *allocator);
void compare_allocator_finish(struct compare_allocator *allocator);

struct compare_allocators {
    struct compare_allocator list[COMPARE_ALLOCATORS_MAX + 1]; /* and the floor, the last */
    size_t count;
};

/* Fills the report's rows, the control and, where wanted, the floor among them; `with` NULL: what
 * is installed. 0, or the exit code after one line on stderr. */
int compare_allocators_find(struct compare_allocators *allocators, char *with, bool floor,
                            struct compare_report *report);
/* The same for allocators that are named one by one, NULL ends; at most COMPARE_ALLOCATORS_MAX. */
int compare_allocators_take(struct compare_allocators *allocators, char *const *names,
                            struct compare_report *report);
void compare_allocators_finish(struct compare_allocators *allocators);

/* The allocator of a row. */
const struct compare_allocator *compare_allocator_of(const struct compare_allocators *allocators,
                                                     size_t row);

#endif
