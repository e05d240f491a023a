/* SPDX-License-Identifier: MIT */
/* What advise learns from single runs of the command, before any are compared. */
#ifndef ANALYSIS_ADVISE_FIRST_H
#define ANALYSIS_ADVISE_FIRST_H

#include "compare_process.h"
#include "report/advise_model.h"

/* The first run, of the program as it is, with its input and output. `file` is for what it leaves;
 * `taken` is the signal that asked this program to end meanwhile, or 0. 0, or the exit code after
 * one line on stderr: there is nothing to be advised on. */
int advise_first_run(struct advise_report *report, const char *file, int *taken);

/* Runs it under libhakmem: can its malloc be replaced? */
void advise_first_replace(struct advise_report *report, struct compare_process *process,
                          const char *file);

/* Runs it under `callers`: who asks for memory? */
void advise_first_sites(struct advise_report *report, struct compare_process *process,
                        const char *file);

#endif
