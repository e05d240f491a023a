/* SPDX-License-Identifier: MIT */
/*
 * Several threads that take turns, so that the same choices make the same calls in the same order:
 * exactly one runs, and after an operation it may pass the turn on. All work on one shadow, so most
 * blocks are freed by another thread than allocated them. The choices also end threads, whose last
 * destructors still allocate and free, and start new ones.
 */
#ifndef TESTS_INTERLEAVED_H
#define TESTS_INTERLEAVED_H

#include "choices.h"

/* Until there are no more choices; then everything is freed and checked, in the calling thread. */
void interleaved_run(struct choices *from);

#endif
