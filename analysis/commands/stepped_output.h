/* SPDX-License-Identifier: MIT */
/* Where the reports of `count`, `annotate` and `callers` go: as text, as JSON, and of two of
 * them as a page. */
#ifndef ANALYSIS_STEPPED_OUTPUT_H
#define ANALYSIS_STEPPED_OUTPUT_H

#include <stdio.h>

#include "report/output.h"
#include "stepped_options.h"

struct stepped_output {
    const char *verb;
    const struct stepped_options *options;
    struct output json, html, text;
};

/* Before anything is stepped: what can be known to fail, fails now. 0, or here and below the exit
 * code after one line on stderr. */
int stepped_output_open(struct stepped_output *output, const char *verb,
                        const struct stepped_options *options);

FILE *stepped_output_text(const struct stepped_output *output);
int stepped_output_end_text(struct stepped_output *output);

/* NULL: none is wanted. `result` is that of printing it: 0, or -1 with errno. */
FILE *stepped_output_json(const struct stepped_output *output);
int stepped_output_end_json(struct stepped_output *output, int result);

/* The same of the page. */
FILE *stepped_output_html(const struct stepped_output *output);
int stepped_output_end_html(struct stepped_output *output, int result);

/* Leaves no half-written file behind. */
void stepped_output_close(struct stepped_output *output);

#endif
