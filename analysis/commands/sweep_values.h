/* SPDX-License-Identifier: MIT */
/*
 * The values that `compare --sweep NAME=V1,V2,...,Vn` names, and where they go in the command.
 *
 * An ellipsis, `...` or the character U+2026, stands between values and continues what is before
 * it: by the same factor, or else by the same step, that leads from value to value there and meets
 * the value after it exactly. Two values before it are needed; with more, the last three count.
 */
#ifndef ANALYSIS_SWEEP_VALUES_H
#define ANALYSIS_SWEEP_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SWEEP_VALUES_MAX = 64, SWEEP_NAME_BYTES = 32 };

struct sweep_values {
    char name[SWEEP_NAME_BYTES];
    uint64_t list[SWEEP_VALUES_MAX]; /* no two are the same */
    size_t count;
};

/* False with one line in `why`. */
bool sweep_values_parse(const char *text, struct sweep_values *values, char *why, size_t why_bytes);

/* Does any argument contain {NAME}? */
bool sweep_values_used(const struct sweep_values *values, char *const *command);

/* The command with `value` wherever {NAME} was; for sweep_command_free. NULL: no memory. */
char **sweep_command(const struct sweep_values *values, char *const *command, uint64_t value);
void sweep_command_free(char **command);

#endif
