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
    /* 0, or -1 with errno. Without a page, print_html is NULL. */
    int (*print_json)(const void *report, FILE *stream);
    int (*print_html)(const void *report, FILE *stream);
};

/* The files that the options name; of the others the stream is NULL. */
struct compare_files {
    struct output text, json, html;
};

/* Before anything runs, so that a path that can't be written is known at once. Here and below: 0,
 * or the exit code after one line on stderr. */
int compare_write_open(const struct compare_options *options, struct compare_files *files);

/* Everything to its file; text without one to stdout, or to stderr where another format has that.
 */
int compare_write(const struct compare_options *options, const struct compare_format *format,
                  const void *report, struct compare_files *files);

/* Of what was not written nothing is left. */
void compare_write_abandon(struct compare_files *files);

#endif
