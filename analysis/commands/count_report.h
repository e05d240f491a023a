/* SPDX-License-Identifier: MIT */
/* From the stepper's file to the report. */
#ifndef ANALYSIS_COUNT_REPORT_H
#define ANALYSIS_COUNT_REPORT_H

#include "collect/allocator.h"
#include "count_options.h"
#include "count_places.h"
#include "report/count_model.h"

struct count_facts {
    const struct count_options *options;
    const struct allocator *allocator, *stepper;
    int status; /* of the command, as of wait(2) */
};

/* False with errno. The report's texts live as long as `file` and the facts. */
bool count_report_fill(struct count_report *report, struct step_file *file,
                       const struct count_facts *facts);

#endif
