/* SPDX-License-Identifier: MIT */
/*
 * The ledger: what was expected of each factor, and three estimates that owe nothing to each other.
 *
 *     sampled   time in the factor's own code, of the far end less that of the modern end
 *     counted   instructions in it, likewise: exact, of some thousand calls
 *     ablated   the effect of moving the factor alone: the causal one
 *
 * Percents are by how much the far level makes the command slower. NAN is unknown.
 */
#ifndef ANALYSIS_LEDGER_MODEL_H
#define ANALYSIS_LEDGER_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "statistics/factorial.h"

enum { LEDGER_GATES = 3, LEDGER_TEXT_BYTES = 512 };

enum ledger_verdict {
    LEDGER_UNKNOWN,
    LEDGER_TOO_SMALL, /* to be seen here */
    LEDGER_CONFIRMED, /* as much as was expected */
    LEDGER_REFUTED,   /* less, more, or the other way round */
    LEDGER_MEASURED,  /* nothing was expected */
    LEDGER_DISAGREE,  /* the estimates do, with each other */
    LEDGER_VERDICTS
};

extern const char *const ledger_verdict_names[LEDGER_VERDICTS];

struct ledger_estimate {
    double value;
    struct interval range;
};

/* An operation. */
struct ledger_counts {
    double instructions, loads, stores, branches;
};

struct ledger_row {
    const char *factor, *modern, *far;
    struct interval expected; /* percent, by the document that asked the question */
    struct ledger_estimate sampled, sampled_ns;
    struct ledger_counts counted;
    struct ledger_estimate ablated, ablated_ns;
    bool costs; /* the ablation sees that it does */
    enum ledger_verdict verdict;
    char reason[LEDGER_TEXT_BYTES]; /* of a verdict that needs one; else empty */
};

/* The indicators of the processor and its memory. */
enum ledger_indicator {
    LEDGER_CYCLES,
    LEDGER_INSTRUCTIONS,
    LEDGER_BRANCHES,
    LEDGER_BRANCH_MISSES,
    LEDGER_CACHE_MISSES, /* by the PMU of all caches; by the model of the first, of data */
    LEDGER_TLB_MISSES,
    LEDGER_INDICATORS
};

enum ledger_source { LEDGER_BY_NOTHING, LEDGER_BY_PMU, LEDGER_BY_MODEL };

extern const char *const ledger_indicator_names[LEDGER_INDICATORS];
extern const char *const ledger_source_names[];

/* Of one run outside the kernel; for 1000 operations in a report. */
struct ledger_indicators {
    enum ledger_source source;
    double of[LEDGER_INDICATORS];
};

/* One end: all its levels modern, or all far. */
struct ledger_end {
    double ns;                           /* an operation, the program's own time included */
    struct ledger_estimate malloc_share; /* percent of the processor time */
    struct ledger_counts counted;        /* all of malloc and free */
    struct ledger_indicators indicators;
    uint64_t samples, calls;
};

struct ledger_gate {
    const char *name;
    bool known, open;
    char evidence[LEDGER_TEXT_BYTES];
};

struct ledger {
    bool made; /* else nothing below is known */
    struct ledger_end modern, far;
    struct ledger_row rows[FACTORIAL_FACTORS_MAX];
    size_t row_count;
    struct ledger_gate gates[LEDGER_GATES];
    char verdict[2 * LEDGER_TEXT_BYTES];
};

#endif
