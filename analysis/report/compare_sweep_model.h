/* SPDX-License-Identifier: MIT */
/* The report of a sweep: one command compared again and again while one number in it grows. */
#ifndef ANALYSIS_COMPARE_SWEEP_MODEL_H
#define ANALYSIS_COMPARE_SWEEP_MODEL_H

#include "compare_model.h"

enum { SWEEP_POINTS_MAX = 64 };

struct sweep_point {
    uint64_t value;
    char **command;                /* with the value in its place; NULL-terminated */
    struct compare_report *report; /* NULL: its turn has not come */
};

struct sweep_report {
    const char *name;                   /* of the number */
    char *const *command;               /* with {NAME} in it */
    const struct compare_report *blank; /* the rows, the options, and what is missing */
    struct sweep_point points[SWEEP_POINTS_MAX];
    size_t point_count; /* wanted */
    bool interrupted;
    double elapsed_s;
};

/* What the tables and plots show; the control is not among it. */
static inline bool sweep_shows(size_t row)
{
    return row != COMPARE_CONTROL;
}

/* "ns per operation" where the program's figure is M ops/s (its regular expression says so); else
 * "wall s" or "figure". */
const char *sweep_cost_unit(const struct sweep_report *sweep);

/* Medians of a point's row. NAN: unknown. */
double sweep_cost(const struct sweep_report *sweep, size_t point, size_t row);
double sweep_rss_mib(const struct sweep_report *sweep, size_t point, size_t row);

#endif
