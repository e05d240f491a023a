/* SPDX-License-Identifier: MIT */
/*
 * How far samples land behind the instruction that cost the time: a loop of which nearly all time
 * is one division's is sampled, and where the samples fell is counted.
 */
#ifndef ANALYSIS_SKID_H
#define ANALYSIS_SKID_H

#include <stdint.h>

#include "perf_event.h"
#include "processor.h"

struct skid {
    uint64_t samples;               /* of the user's part */
    uint64_t slow, next, elsewhere; /* on the slow instruction, on the one behind it, on others */
};

/* Samples `loop` by this thread with the event of `choice` until there are 1000 samples, or for a
 * second of processor time. 0, or -1 with errno (ENOSYS: no such loop for this processor). */
int skid_measure(const struct perf_choice *choice, const struct known_loop *loop,
                 struct skid *skid);

#endif
