/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_DOCTOR_OPTIONS_H
#define ANALYSIS_DOCTOR_OPTIONS_H

#include <stdbool.h>

struct doctor_options {
    const char *json; /* NULL: none */
    bool quick;
    bool help;
};

extern const char doctor_help[];

/* 0, or the exit code after one line on stderr. */
int doctor_options_parse(int argc, char **argv, struct doctor_options *options);

#endif
