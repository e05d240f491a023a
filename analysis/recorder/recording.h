/* SPDX-License-Identifier: MIT */
/* What the program's calls are told to: the recorder writes each to a file, the follower takes
 * samples of them. */
#ifndef ANALYSIS_RECORDER_RECORDING_H
#define ANALYSIS_RECORDER_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "raw_layout.h"

/*
 * True: what this thread does next is to be recorded, and recording_leave must follow. False inside
 * of another recorded call (an allocator that calls malloc for its own realloc, say), and where
 * nothing is recorded any more.
 */
bool recording_enter(void);
void recording_leave(void);

void recording_add(enum raw_kind kind, const void *block, size_t bytes, size_t alignment);

#endif
