/* SPDX-License-Identifier: MIT */
/*
 * Samples that were added up in the kernel, waiting for the records of their time: a sample belongs
 * to the mappings of its program image, so it is passed on after the record of the exec that began
 * the image and before that of the next one. When their image began is all that is known of their
 * time, and all that is needed.
 */
#ifndef ANALYSIS_HELD_SAMPLES_H
#define ANALYSIS_HELD_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

struct held_sample {
    struct time_sample sample;
    uint64_t began; /* ns, the image of its process */
};

struct held_samples {
    struct held_sample *items;
    size_t count, capacity;
};

/* False when memory is out. */
bool held_add(struct held_samples *held, const struct time_sample *sample, uint64_t began);

/* Passes on and forgets those whose image began before `time`; of the process `pid`, or of all
 * where it is 0. */
void held_pass(struct held_samples *held, pid_t pid, uint64_t time,
               void (*take)(void *context, const struct time_sample *sample), void *context);
void held_finish(struct held_samples *held);

#endif
