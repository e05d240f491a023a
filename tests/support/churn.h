/* SPDX-License-Identifier: MIT */
/* Threads that allocate all the time, and what a program does with malloc in a child of theirs. */
#ifndef TESTS_CHURN_H
#define TESTS_CHURN_H

#include <stdbool.h>
#include <stdint.h>

enum { CHURN_THREADS_MAX = 64 };

/* Starts so many threads (no more than CHURN_THREADS_MAX) that allocate every size and free each
 * other's blocks; ends them. False: not all could be started. */
bool churn_begin(unsigned long threads);
void churn_end(void);

/* Allocates 500 blocks of every size, and frees them and what the churning threads have passed on
 * just now: blocks of every thread of the parent's, where a child does it. False: no memory, or a
 * block of calloc was not zero. */
bool churn_in_child(uint64_t seed);

#endif
