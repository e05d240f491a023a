/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FAULTS_THREADS_H
#define TESTS_FAULTS_THREADS_H

#include <stdint.h>

/* So many threads, at most 8, with seed, seed + 1, ... as their arguments. */
void start_and_join(void *(*body)(void *), uintptr_t seed, int count);

#endif
