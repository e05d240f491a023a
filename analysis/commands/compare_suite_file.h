/* SPDX-License-Identifier: MIT */
/*
 * The list of a suite's workloads. A line is
 *
 *     NAME PROGRAM [ARGUMENT]...
 *
 * PROGRAM is looked for in the list's folder, and so is the file of an argument @FILE: where that
 * is missing the workload is skipped. Nothing is quoted; # begins a comment; empty lines mean
 * nothing.
 */
#ifndef ANALYSIS_COMPARE_SUITE_FILE_H
#define ANALYSIS_COMPARE_SUITE_FILE_H

#include <regex.h>

#include "report/compare_suite_model.h"

struct suite_file {
    struct suite_workload *workloads;
    size_t count, capacity;
};

/* `only` NULL: all of them. 0, or the exit code after one line on stderr, which names the file's
 * line where one is wrong. */
int suite_file_read(struct suite_file *file, const char *path, const regex_t *only);
void suite_file_finish(struct suite_file *file);

#endif
