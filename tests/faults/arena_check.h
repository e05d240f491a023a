/* SPDX-License-Identifier: MIT */
/*
 * Walks the arena's records and holds them against each other: spans tile the arena, no two free
 * ones touch, every free one is found by its length and, if it holds memory, by its age; words,
 * slabs' bits and gauges agree. No thread may be at work. Ends the trial where something is wrong.
 */
#ifndef TESTS_FAULTS_ARENA_CHECK_H
#define TESTS_FAULTS_ARENA_CHECK_H

#include <stdbool.h>

void arena_check(void);

/* In a forked child: what threads of the parent were at work on then is passed over. */
void arena_check_forked(void);

/* After everything was freed and trimmed: the arena holds magazines and nothing else, nothing is
 * retained, the counters say that as much was freed as allocated. `exactly`: also large blocks. */
void arena_check_empty(bool exactly);

#endif
