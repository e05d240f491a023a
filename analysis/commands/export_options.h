/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_EXPORT_OPTIONS_H
#define ANALYSIS_EXPORT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "metrics.h"

enum { EXPORT_PIDS = 64 };

struct export_options {
    pid_t pids[EXPORT_PIDS];
    size_t pid_count;   /* 0: all */
    const char *output; /* "-": standard output */
    double interval_s;  /* 0: once */
    bool listens;
    char address[64]; /* a number, as "127.0.0.1" or "::1" */
    char port[8];     /* "0": whichever is free */
    enum hak_metrics_format format;
    bool help;
};

extern const char export_help[];

/* 0, or the exit code after one line on stderr. */
int export_options_parse(int argc, char **argv, struct export_options *options);

#endif
