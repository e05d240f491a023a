/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_TEXT_COMMAND_H
#define ANALYSIS_TEXT_COMMAND_H

#include "terminal.h"

/* The first line of a report: what ran, on which allocator, and how it ended (signal 0: none). */
void print_command(const struct terminal *terminal, char *const *command, const char *allocator,
                   int exit_code, int signal);

/* `before` and the words of a command, in lines of which all but the first are indented. Returns
 * the column after them. */
int print_words(const struct terminal *terminal, const char *before, char *const *command);

#endif
