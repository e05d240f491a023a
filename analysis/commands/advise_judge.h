/* SPDX-License-Identifier: MIT */
/* From the figures of an advice to what it advises. Runs nothing. */
#ifndef ANALYSIS_ADVISE_JUDGE_H
#define ANALYSIS_ADVISE_JUDGE_H

#include "report/advise_model.h"

/* What is faster by less is not worth a change; what could be faster by no more than the second
 * is not worth another look. */
#define ADVISE_GAIN_WORTH   1.02
#define ADVISE_GAIN_MATTERS 1.05

/* Of a program that spends less of its time in malloc and in the kernel none can matter. */
#define ADVISE_SHARE_MATTERS 0.02

/* Seconds; of what takes less, a run is mostly its start. */
#define ADVISE_SHORTEST 0.05

/* True where no other malloc can get at the program's blocks: then nothing is to be compared. */
bool advise_is_fixed(const struct advise_report *report);

/* The fastest of those tried that never failed; ADVISE_NONE of none. */
int advise_choose(const struct advise_report *report);

/* Fills the verdict and what belongs to it. */
void advise_judge(struct advise_report *report);

#endif
