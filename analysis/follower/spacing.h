/* SPDX-License-Identifier: MIT */
/* How far it is to the next point on the line (follow_layout.h). */
#ifndef ANALYSIS_FOLLOWER_SPACING_H
#define ANALYSIS_FOLLOWER_SPACING_H

#include <stdint.h>

/* Distributed exponentially with that mean, at most FOLLOW_MEAN_MAX; `state` is not 0 and changes.
 */
int64_t spacing_draw(uint64_t *state, uint64_t mean);

#endif
