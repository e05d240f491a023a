/* SPDX-License-Identifier: MIT */
/* The paths that calls took: see count_tally.h. */
#ifndef ANALYSIS_COUNT_PATHS_H
#define ANALYSIS_COUNT_PATHS_H

#include "count_places.h"

enum { COUNT_PATH_LABELS = 3 };

struct count_paths;

/* For at most `calls` calls. NULL with errno. */
struct count_paths *count_paths_create(bool by_function, uint64_t calls);
void count_paths_destroy(struct count_paths *paths);

/* A call begins, passes places outside of the function that was called, and ends; `chain` is the
 * length of its longest chain of loads (count_chain.h). */
void count_paths_begin(struct count_paths *paths);
void count_paths_pass(struct count_paths *paths, const struct count_place *place);
void count_paths_end(struct count_paths *paths, enum count_kind kind,
                     const struct count_effects *effects, uint64_t bytes, uint64_t chain);

/* After the last call, once. False with errno. */
bool count_paths_fill(struct count_paths *paths, struct count_report *report);

#endif
