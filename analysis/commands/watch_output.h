/* SPDX-License-Identifier: MIT */
/* Where a report of what was watched goes: as text, as JSON, and as a page. */
#ifndef ANALYSIS_WATCH_OUTPUT_H
#define ANALYSIS_WATCH_OUTPUT_H

#include "report/model.h"
#include "report/output.h"
#include "watch_options.h"

struct watch_output {
    struct output json, html, text;
};

/* Before anything is watched: what can be known to fail, fails now. 0, or the exit code after one
 * line on stderr. */
int watch_output_open(struct watch_output *output, const struct watch_options *options);

/* Writes all. `code`, or where that is 0 and something can't be written, the code of that, after
 * one line on stderr. */
int watch_output_write(struct watch_output *output, const struct watch_options *options,
                       const struct report *report, int code);

/* Leaves no half-written file behind. */
void watch_output_close(struct watch_output *output);

#endif
