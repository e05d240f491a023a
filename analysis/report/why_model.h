/* SPDX-License-Identifier: MIT */
/* The report of `why`: two allocators on one program. NAN is unknown. */
#ifndef ANALYSIS_WHY_MODEL_H
#define ANALYSIS_WHY_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compare_model.h"
#include "statistics/waterfall.h"
#include "step_parts.h"

/* Rows of the comparison; the control between them is A a second time. */
enum { WHY_ROW_A = 0, WHY_ROW_CONTROL = COMPARE_CONTROL, WHY_ROW_B = 2, WHY_ROWS = 3 };

/* What a cost is told in. */
enum why_unit {
    WHY_NS,     /* of processor time an operation, or of the program's own figure in M ops/s */
    WHY_MS,     /* of processor time a run: operations are not known */
    WHY_PERCENT /* of A's cost by the program's own figure */
};
extern const char *const why_unit_names[]; /* "ns per operation", ... */
extern const char *const why_unit_short[]; /* "ns", ... */

/* Whether a difference can be told from nothing. */
enum why_sign { WHY_UNTOLD, WHY_SAME, WHY_LESS, WHY_MORE };
extern const char *const why_sign_names[];

enum why_verdict {
    WHY_UNKNOWN,   /* too few rounds, or no parts */
    WHY_TIE,       /* the two can't be told apart: there is nothing to explain */
    WHY_EXPLAINED, /* the parts add up to the measured difference within the interval */
    WHY_IN_PART    /* they do not, and the report says how much is missing */
};
extern const char *const why_verdict_names[];

enum why_kind { WHY_MALLOC, WHY_FREE, WHY_OTHER_CALLS, WHY_KINDS };
extern const char *const why_kind_names[WHY_KINDS];

/* Instructions that were stepped through on one side: sums, to be divided by the calls. */
struct why_instructions {
    uint64_t calls[WHY_KINDS];
    uint64_t by[STEP_PARTS]
               [WHY_KINDS]; /* PART_APPLICATION: other libraries' code that was called */
};

/* A run that was watched. */
struct why_run {
    unsigned round; /* from 1; 0: none of that round */
    double cpu_s, figure;
    double samples_cost; /* of its processor time */
    double operations;   /* NAN: not counted */
    double remote_frees;
    uint64_t samples;
    bool is_user_only;         /* the kernel was not sampled */
    char brought[32];          /* the program's own allocator, where none was preloaded; or empty */
    double kernel_for_malloc;  /* a share; NAN: not told apart */
    double shares[STEP_PARTS]; /* of the processor time; NAN: no samples */
};

enum { WHY_HARDWARE = 6, WHY_FIGURES_MAX = 8 + WHY_HARDWARE };

/* Something else that both were measured by. */
struct why_figure {
    const char *name;
    double of[WATERFALL_SIDES]; /* medians */
    double difference;          /* median of the rounds' differences B - A */
    struct interval range;
    enum why_sign sign;
};

struct why_sharing {
    bool known;
    uint64_t blocks, shared, threads;
};

struct why_report {
    struct compare_report comparison;  /* the runs that were not watched, and every note */
    struct why_run *watched[WHY_ROWS]; /* one for each round, at its place */
    struct why_run calibration[2];     /* on hakmem, where neither is one; round 0: none */
    double *hardware[WHY_ROWS]; /* WHY_HARDWARE for each round, of the run that was not watched */
    bool has_hardware;

    enum why_unit unit;
    double operations, operations_least, operations_most; /* in a run; NAN: not counted */
    size_t operations_runs;                               /* that they are the median of */
    const char *operations_on;                            /* the allocator that counted */

    bool has_parts;                 /* else `fall` has the measured difference alone */
    struct waterfall fall, control; /* B against A, A again against A */
    enum why_sign signs[STEP_PARTS];
    enum why_verdict verdict;

    struct why_instructions instructions[WATERFALL_SIDES];
    struct why_figure figures[WHY_FIGURES_MAX];
    size_t figure_count;

    double kernel_for_malloc[WATERFALL_SIDES]; /* in the unit; NAN: not told apart */
    double remote_frees;                       /* an operation; NAN: not counted */
    bool is_one_thread;                        /* of the program that was recorded */
    struct why_sharing sharing[WATERFALL_SIDES];
};

/* The two names, short, for columns. */
const char *why_name(const struct why_report *report, int side);

/* Instructions a call of one kind, or with WHY_KINDS of all; NAN of no calls. `part` STEP_PARTS:
 * all of them. */
double why_instructions_of(const struct why_instructions *of, int part, enum why_kind kind);

/* How much of the difference of all calls' instructions is in steps that are known: as `explained`
 * of a waterfall. NAN: there is none. */
double why_instructions_known(const struct why_report *report);

/* The parts in order of what they make up of the difference, the greatest first; returns how many
 * there are, without those that neither side has. */
size_t why_order(const struct why_report *report, size_t order[STEP_PARTS]);

/* By intervals: is the difference told from 0 and from the control's? */
enum why_sign why_sign_of(const struct waterfall_value *value,
                          const struct waterfall_value *control);

#endif
