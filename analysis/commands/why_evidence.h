/* SPDX-License-Identifier: MIT */
/* What is asked once of the two allocators of `why`, beside the rounds: this program runs itself.
 * Each returns 0, or the exit code after one line on stderr; what can't be had is noted in the
 * report. A signal that came is in the process's `taken`. */
#ifndef ANALYSIS_WHY_EVIDENCE_H
#define ANALYSIS_WHY_EVIDENCE_H

#include "report/why_model.h"
#include "why_measure.h"

enum { WHY_CALIBRATIONS = 2, WHY_COUNTS = 2, WHY_RECORDINGS = 2 };

/* Two runs on hakmem, whose counters tell how many operations the command makes. */
int why_evidence_calibrate(struct why_measure *measure, struct why_report *report);

/* Some thousand calls on each, stepped through. */
int why_evidence_count(struct why_measure *measure, struct why_report *report);

/* A recorded run on each: who shares whose cache lines. Where the first shows one thread alone,
 * there is no second. */
int why_evidence_record(struct why_measure *measure, struct why_report *report);

#endif
