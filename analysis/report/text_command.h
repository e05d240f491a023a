/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_TEXT_COMMAND_H
#define ANALYSIS_TEXT_COMMAND_H

#include "terminal.h"

/* The first line of a report: what ran, on which allocator, and how it ended (signal 0: none). */
void print_command(const struct terminal *terminal, char *const *command, const char *allocator,
                   int exit_code, int signal);

/* The words of a command, each after a space. */
void print_words(const struct terminal *terminal, char *const *command);

/* The line of what was stepped: calls of one thread of the program, and those before them. */
void print_stepped_calls(const struct terminal *terminal, uint64_t calls, uint64_t skipped,
                         const char *program, int pid);

#endif
