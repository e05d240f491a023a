/* SPDX-License-Identifier: MIT */
/* This program runs itself on a command, as `run`, `count` or `record`, and reads what it reports:
 * for commands that bring several kinds of figures together. */
#ifndef ANALYSIS_OWN_REPORT_H
#define ANALYSIS_OWN_REPORT_H

#include <jansson.h>
#include <stddef.h>

#include "compare_process.h"

#define OWN_PROGRAM "/proc/self/exe"

enum { OWN_REPORT_PATH = 4096 };

/* Makes an empty file for reports, which is the caller's to remove. 0, or the exit code after one
 * line on stderr. */
int own_report_file(char path[OWN_REPORT_PATH]);

/* `own`, then the command; the list is the caller's. NULL with errno. */
char **own_arguments(char *const *own, char *const *command);

/*
 * `own`: OWN_PROGRAM VERB ... --json FILE --; `padding` as of compare_process_run. NULL where there
 * is no report, with `end`, and in process->taken a signal that came. What the command and this
 * program wrote is in the captures of `process`, as ever.
 */
json_t *own_report(struct compare_process *process, char *const *own, char *const *command,
                   size_t padding, const char *file, struct compare_end *end);

#endif
