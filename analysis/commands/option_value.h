/* SPDX-License-Identifier: MIT */
/* What the command lines of several commands share. 0, or the exit code after one line on stderr.
 */
#ifndef ANALYSIS_OPTION_VALUE_H
#define ANALYSIS_OPTION_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/* Plain decimal digits; `option` is "compare: --rounds". */
int option_number(const char *option, const char *text, uint64_t minimum, uint64_t maximum,
                  uint64_t *number);

/* The same with a decimal point among them. */
int option_decimal(const char *option, const char *text, double minimum, double maximum,
                   double *number);

/* It was given (not NULL), and has no letter. */
static inline bool option_is_empty(const char *value)
{
    return value && !*value;
}

/* What getopt_long answered with '?' or ':'. Its own words would name the program after argv[0],
 * which is the command. */
int option_refused(int option, char **argv);

#endif
