/* SPDX-License-Identifier: MIT */
/* The report of a suite: a comparison for each workload, and what they come to together. */
#ifndef ANALYSIS_COMPARE_SUITE_MODEL_H
#define ANALYSIS_COMPARE_SUITE_MODEL_H

#include "compare_model.h"

/* Longer names would not leave room for six allocators in 80 columns. */
enum { SUITE_NAME_MAX = 17 };

struct suite_workload {
    char name[SUITE_NAME_MAX + 1];
    char **command;                /* NULL-terminated */
    char skipped[256];             /* why it does not run; empty: it does */
    struct compare_report *report; /* NULL: it was skipped, or its turn never came */
};

/* A geometric mean over the workloads where the allocator has a figure. NAN is unknown. */
struct suite_mean {
    double mean;
    struct interval range;
    size_t workloads;
};

struct suite_report {
    const char *file;
    const struct compare_report *blank; /* the rows, the options, and what is missing */
    struct suite_workload *workloads;
    size_t workload_count;
    bool interrupted;
    double elapsed_s;

    /* For each row; computed when all runs are done. */
    struct suite_mean speed[COMPARE_ROWS_MAX];    /* of the ratios to the first */
    struct suite_mean memory[COMPARE_ROWS_MAX];   /* of the max RSS, by that of the first */
    struct suite_mean of_floor[COMPARE_ROWS_MAX]; /* of the ratios to the floor */
};

/* What the tables compare; the control is not among it. */
static inline bool suite_shows(size_t row)
{
    return row != COMPARE_CONTROL;
}

/* True where the report of the workload has a figure of the row. */
bool suite_has(const struct suite_workload *workload, size_t row);

/* The fastest, and the one of the smallest max RSS; the floor is out of the competition. SIZE_MAX
 * where there is none. */
size_t suite_fastest(const struct suite_workload *workload);
size_t suite_leanest(const struct suite_workload *workload);

#endif
