/* SPDX-License-Identifier: MIT */
/* What other processes did meanwhile: the busy time of all cores less that of a comparison. */
#ifndef ANALYSIS_COMPARE_DISTURBANCE_H
#define ANALYSIS_COMPARE_DISTURBANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "report/compare_model.h"

struct disturbance_process {
    pid_t pid;
    double cpu_s;
    unsigned long long started; /* a number used again is another process */
    char name[32];
};

struct disturbance {
    double busy_s, stolen_s, own_s; /* at the start */
    struct disturbance_process *processes;
    size_t count;
};

struct disturbance_found {
    double others_s, stolen_s; /* NAN: unknown */
    char name[32];             /* of the process that took most; empty: unknown */
    double name_s;
};

void disturbance_start(struct disturbance *disturbance);

/* Ends it: nothing is left to free. */
void disturbance_finish(struct disturbance *disturbance, struct disturbance_found *found);

/* In a report whose time is known: what it came to, and a note where that can shift a result. */
void disturbance_note(const struct disturbance_found *found, struct compare_report *report);

#endif
