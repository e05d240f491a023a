/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COMPARE_OPTIONS_H
#define ANALYSIS_COMPARE_OPTIONS_H

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>

#include "report/compare_model.h"
#include "sweep_values.h"

/* How our workloads print their figure. */
#define COMPARE_SUITE_METRIC "([0-9.]+) M ops/s"

enum { COMPARE_ROUNDS_DEFAULT = 11 };

struct compare_options {
    char *with;              /* NULL: what is installed; is cut at its commas */
    const char *json, *html; /* NULL: none */
    const char *metric;      /* NULL: wall time; else compiled in `pattern` */
    regex_t pattern;
    bool higher_is_better;
    bool details;
    bool floor;             /* the floor runs along */
    bool suite;             /* our workloads instead of a command */
    const char *suite_file; /* NULL: the one beside our workloads */
    const char *only;       /* NULL: all workloads; else compiled in `only_pattern` */
    regex_t only_pattern;
    bool sweep; /* the command again and again, with `sweep_values` in it */
    struct sweep_values sweep_values;
    unsigned rounds;
    uint64_t seed;
    int core; /* -1: any */
    bool help;
    char **command; /* NULL-terminated */

    const char *output; /* of the text; NULL: standard output. No option of compare */

    /* The allocators one by one, instead of `with`; NULL ends. No option: for other commands. */
    char *const *names;

    /* Of the program's standard output, or the run has failed. No option: for other commands. */
    const char *expected; /* NULL: anything will do */
};

extern const char compare_help[];

/* 0, or the exit code after one line on stderr. */
int compare_options_parse(int argc, char **argv, struct compare_options *options);
void compare_options_finish(struct compare_options *options);

/* Options that other commands have too; `who` is the command's name. As compare_options_parse. */
int compare_option_metric(const char *who, struct compare_options *options, const char *metric);
int compare_option_better(const char *who, struct compare_options *options, const char *way);
int compare_option_core(const char *who, struct compare_options *options, const char *text);

#endif
