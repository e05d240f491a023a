/* SPDX-License-Identifier: MIT */
/* Why slow paths are not watched, as one line for the report. */
#ifndef ANALYSIS_SLOW_PATH_EXPLAIN_H
#define ANALYSIS_SLOW_PATH_EXPLAIN_H

enum { SLOW_PATH_WHY = 256 };

void slow_path_explain(char why[SLOW_PATH_WHY], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* `error`: an errno value of loading the programs. */
void slow_path_explain_error(char why[SLOW_PATH_WHY], int error);

/* The same of attaching them: they were loaded, so what is refused now are the probes. */
void slow_path_explain_attach_error(char why[SLOW_PATH_WHY], int error);

#endif
