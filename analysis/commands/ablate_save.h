/* SPDX-License-Identifier: MIT */
/*
 * The file of `ablate --save`: a line of JSON that says what the experiment is, then one for each
 * run that succeeded, written as it ends:
 *
 *     {"schema":"hakmem-trace/1","kind":"ablate save",...}
 *     {"row":5,"round":1,"position":3,...}
 *
 * so that nothing but the run under way is lost, whatever happens. A last line that was cut off is
 * not counted.
 */
#ifndef ANALYSIS_ABLATE_SAVE_H
#define ANALYSIS_ABLATE_SAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "ablate_libraries.h"

struct ablate_save {
    const char *path; /* NULL: nothing is saved */
    FILE *stream;
    bool is_new;
    size_t runs; /* in the file */
};

/*
 * Opens the file for this process alone. What it holds must be of the same experiment: its runs go
 * to the report, whose rows have room for COMPARE_ROUNDS_MAX rounds. `path` NULL: does nothing.
 * Here and below: 0, or the exit code after one line on stderr.
 */
int ablate_save_open(struct ablate_save *save, const char *path, struct ablate_report *report);

/* The last run of a row. */
int ablate_save_run(struct ablate_save *save, const struct ablate_report *report, size_t row);

/* A file that was made and has no run is left out. */
void ablate_save_close(struct ablate_save *save);

#endif
