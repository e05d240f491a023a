/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COUNT_OPTIONS_H
#define ANALYSIS_COUNT_OPTIONS_H

#include "stepped_options.h"

struct count_options {
    struct stepped_options stepped;
};

extern const char count_help[];

/* 0, or the exit code after one line on stderr. */
int count_options_parse(int argc, char **argv, struct count_options *options);

#endif
