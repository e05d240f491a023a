/* SPDX-License-Identifier: MIT */
/* Brings a report of `compare` to where it belongs, whatever the report is of. */
#ifndef ANALYSIS_COMPARE_WRITE_H
#define ANALYSIS_COMPARE_WRITE_H

#include <stdbool.h>
#include <stdio.h>

#include "compare_options.h"
#include "report/output.h"

struct compare_format {
    void (*print_text)(const void *report, bool details, FILE *stream);
    int (*print_json)(const void *report, FILE *stream); /* 0, or -1 with errno */
};

/* Before anything runs, so that a path that can't be written is known at once. Here and below: 0,
 * or the exit code after one line on stderr. */
int compare_write_open(const struct compare_options *options, struct output *json);

/* The text to `text` where that has a stream, which `text_path` names. */
int compare_write_to(const struct compare_options *options, const struct compare_format *format,
                     const void *report, struct output *text, const char *text_path,
                     struct output *json);

/* The text to stdout (to stderr where JSON has that), the JSON to its file. */
int compare_write(const struct compare_options *options, const struct compare_format *format,
                  const void *report, struct output *json);

#endif
