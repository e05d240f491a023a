/* SPDX-License-Identifier: MIT */
/* From the runs of a comparison to the figures of its report. */
#ifndef ANALYSIS_COMPARE_SUMMARY_H
#define ANALYSIS_COMPARE_SUMMARY_H

#include "report/compare_model.h"

enum compare_aspect {
    COMPARE_SPEED, /* or whatever is compared: how many times as good */
    COMPARE_MEMORY /* how many times the max RSS */
};

/* A ratio for each round in which both rows finished; returns how many. */
size_t compare_summary_pairs(const struct compare_report *report, enum compare_aspect aspect,
                             size_t row, size_t other, double *ratios);

/* A note where there are too few rounds for intervals. */
void compare_summary_note_rounds(struct compare_report *report, unsigned rounds);

/* Without memory the figures stay unknown. */
void compare_summary_fill(struct compare_report *report);

#endif
