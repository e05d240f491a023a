/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_TEXT_COMMAND_H
#define ANALYSIS_TEXT_COMMAND_H

#include "terminal.h"

/* The first line of a report: what ran, on which allocator, and how it ended (signal 0: none). */
void print_command(const struct terminal *terminal, char *const *command, const char *allocator,
                   int exit_code, int signal);

/* The words of a command, each after a space. */
void print_words(const struct terminal *terminal, char *const *command);

#endif
