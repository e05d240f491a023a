/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_TOP_CHOOSE_H
#define ANALYSIS_TOP_CHOOSE_H

#include <stdbool.h>
#include <stdio.h>

#include "report/top_grid.h"
#include "top_options.h"

/*
 * On the screen: the user chooses a process, which becomes options->pid (0: quit, or a signal).
 * Else the list is printed, as text or as JSON. 0, or the exit code after one line on stderr.
 */
int top_choose(struct top_options *options, bool screen, FILE *stream, struct top_grid *grid);

#endif
