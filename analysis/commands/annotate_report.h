/* SPDX-License-Identifier: MIT */
/* From the tally to the report. */
#ifndef ANALYSIS_ANNOTATE_REPORT_H
#define ANALYSIS_ANNOTATE_REPORT_H

#include "annotate_code.h"
#include "collect/allocator.h"
#include "sampling.h"

struct annotate_options;
struct step_header;

struct annotate_facts {
    const struct annotate_options *options;
    const struct allocator *allocator;
    const struct step_header *header;
    const struct annotate_code *code;
    struct annotate_tally *tally;
    const struct sampling *sampling; /* its sampler NULL: nothing was sampled */
    const struct sampler_totals *totals;
    const char *rights_note;    /* what could not be given up, or empty */
    const char *not_sampled;    /* why, or NULL */
    int status, sampled_status; /* of the command, as of wait(2) */
};

/* False with errno. The report's texts live as long as the facts. To be released in any case. */
bool annotate_report_fill(struct annotate_report *report, const struct annotate_facts *facts);

/* Only the functions that were chosen. False with errno; to be released in any case. */
bool annotate_functions_fill(struct annotate_report *report, const struct annotate_code *code,
                             struct annotate_tally *tally);

void annotate_report_release(struct annotate_report *report);

#endif
