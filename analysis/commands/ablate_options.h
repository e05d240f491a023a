/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ABLATE_OPTIONS_H
#define ANALYSIS_ABLATE_OPTIONS_H

#include "collect/variant.h"
#include "compare_options.h"
#include "statistics/factorial.h"

enum { ABLATE_ROUNDS_DEFAULT = 21 };

struct ablate_options {
    struct compare_options shared; /* those that compare has too */
    size_t factors[FACTORIAL_FACTORS_MAX];
    size_t factor_count;
    struct variant far; /* of the factors above; the others are modern */
    enum factorial_design design;
    double budget;    /* seconds; 0: no end */
    double precision; /* per cent; 0: none is enough */
    const char *save; /* NULL: none */
    bool ledger;      /* sample and count the ends, too */
};

extern const char ablate_help[];

/* 0, or the exit code after one line on stderr. */
int ablate_options_parse(int argc, char **argv, struct ablate_options *options);

#endif
