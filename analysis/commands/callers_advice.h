/* SPDX-License-Identifier: MIT */
/*
 * Advice that follows from a path's figures. Each rule asks for a share or a number whose whole 95
 * % interval is beyond a bound, of a path with enough samples that costs something:
 *
 *   reuse    most blocks have one size and are freed by their thread within a few calls: keep one
 *            instead, or allocate outside of the loop
 *   reserve  a block is grown by realloc again and again: ask at once for what it will need
 *   remote   most blocks are freed by another thread: give them back to the thread they came from
 *   padding  most calls ask for a little more than a size class has: ask for less, or use the rest
 */
#ifndef ANALYSIS_CALLERS_ADVICE_H
#define ANALYSIS_CALLERS_ADVICE_H

#include "report/callers_model.h"

enum { CALLERS_ADVICE_SAMPLES = 20 }; /* effective ones */

#define CALLERS_ADVICE_COST   0.02 /* of malloc's time, of all calls or of all bytes */
#define CALLERS_REUSE_LEAST   0.8  /* of the calls */
#define CALLERS_REMOTE_LEAST  0.5  /* of the freed blocks */
#define CALLERS_PADDING_LEAST 0.5  /* of the calls */
#define CALLERS_RESERVE_LEAST 3    /* growths of a block */

/* The report is measured. Fills its advice, or why there is none. */
void callers_advise(struct callers_report *report);

#endif
