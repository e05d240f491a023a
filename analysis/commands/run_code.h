/* SPDX-License-Identifier: MIT */
/* For the page of `run`: the instructions of malloc and free with the samples of the run that fell
 * on them, as `annotate` shows them, without counts. */
#ifndef ANALYSIS_RUN_CODE_H
#define ANALYSIS_RUN_CODE_H

#include "annotate_report.h"
#include "profile.h"
#include "report/model.h"

/* All zeroes at first. */
struct run_code {
    struct annotate_choice choice;
    struct annotate_tally tally;
    struct count_places places;
    struct annotate_report report;
    bool is_started, has_newer;
};

/* When the command has ended, before its samples are named (watching_finish): the profile's samples
 * in libhakmem's code are counted from then on. Does nothing for another allocator. */
void run_code_start(struct run_code *code, const struct allocator *allocator,
                    struct profile *profile);

/* When the report is filled, which gets the functions where any of their code was sampled; they
 * last until run_code_finish, and the attributor must, too. */
void run_code_report(struct run_code *code, const struct allocator *allocator,
                     const struct profile *profile, struct report *report);

void run_code_finish(struct run_code *code);

#endif
