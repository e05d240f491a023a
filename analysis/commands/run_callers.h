/* SPDX-License-Identifier: MIT */
/* For the page of `run`: whose calls malloc's time goes to, from a few samples with their stacks,
 * beside those that `run` takes anyway. */
#ifndef ANALYSIS_RUN_CALLERS_H
#define ANALYSIS_RUN_CALLERS_H

#include "callers_paths.h"
#include "callers_tally.h"
#include "callers_time.h"
#include "report/model.h"

/* All zeroes at first. */
struct run_callers {
    struct callers_paths paths;
    struct callers_tally tally;
    struct callers_time_sampling time; /* without an attributor: not wanted */
    struct callers_report report;
    double reader_cpu_s; /* of the attributor's reader, when it began */
};

/* Before rights are dropped and before watching_start, whose account of this tool's time begins
 * then, while the process waits before its exec. `budget`: of the processor
 * time, what these samples may cost. What is missing is said in the report. */
void run_callers_start(struct run_callers *callers, const struct allocator *allocator, pid_t pid,
                       double budget);
void run_callers_read(struct run_callers *callers);

/* The command has ended, and `report` is filled, which gets the call paths and what they cost. They
 * last until run_callers_finish. */
void run_callers_report(struct run_callers *callers, struct report *report);

void run_callers_finish(struct run_callers *callers);

#endif
