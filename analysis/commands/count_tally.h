/* SPDX-License-Identifier: MIT */
/*
 * Adds up what the calls executed, by source and by path.
 *
 * A path is named after what a call came to first beyond the function that was called: three of the
 * allocator's source files, in this order, or of its functions; other libraries name a path where
 * nothing else does. Its headers, factors among them, name none: they hold what is inlined. Nothing
 * beyond is the fast path.
 */
#ifndef ANALYSIS_COUNT_TALLY_H
#define ANALYSIS_COUNT_TALLY_H

#include "count_places.h"

/* Fills the report's sources, behind those that it has already, and paths; with `by_function` paths
 * are named by functions. False with errno. */
bool count_tally(struct count_places *places, const struct step_file *file, bool by_function,
                 struct count_report *report);

#endif
