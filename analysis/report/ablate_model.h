/* SPDX-License-Identifier: MIT */
/* The report of an ablation: what the command fills and every format prints. NAN is unknown. */
#ifndef ANALYSIS_ABLATE_MODEL_H
#define ANALYSIS_ABLATE_MODEL_H

#include "compare_model.h"
#include "ledger_model.h"
#include "statistics/factorial.h"

enum ablate_end { ABLATE_MODERN, ABLATE_FAR, ABLATE_ENDS };

enum ablate_verdict {
    ABLATE_UNKNOWN,   /* too few rounds */
    ABLATE_TOO_SMALL, /* the interval reaches the threshold */
    ABLATE_COSTS,
    ABLATE_SAVES,
};

extern const char *const ablate_design_names[];  /* by enum factorial_design */
extern const char *const ablate_place_names[];   /* by enum factorial_place */
extern const char *const ablate_verdict_names[]; /* by enum ablate_verdict */

struct ablate_factor {
    const char *name, *modern, *far;
};

/* A ratio of costs: the median of the rounds' ratios. */
struct ablate_estimate {
    double ratio;
    struct interval range;
};

struct ablate_effect {
    struct ablate_estimate of;
    double ns;      /* an operation; of single factors where figures are M ops/s */
    double base_ns; /* likewise, of an operation before the factor moves */
    enum ablate_verdict verdict;
};

struct ablate_report {
    /* A row for each cell, in their order, then for the end that is no cell (half of 5 factors),
     * then for the controls, then for glibc. Of a row only its runs are filled in: run i is of
     * round i + 1. */
    struct compare_report runs;
    unsigned cells[COMPARE_ROWS_MAX]; /* of each row: bit f: factor f is far */
    size_t ends[ABLATE_ENDS];         /* rows */
    size_t controls;  /* the row of the modern end's; that of the far end's follows */
    size_t reference; /* the row of glibc */
    struct factorial factorial;
    struct ablate_factor factors[FACTORIAL_FACTORS_MAX];
    size_t failed;        /* the row whose command failed; row_count: none did */
    unsigned rounds_kept; /* complete ones, from an earlier start */

    /* Computed when all runs are done. */
    double level; /* of each interval, so that those of all effects hold together with 95 % */
    unsigned rounds_needed;
    struct ablate_effect effects[FACTORIAL_TERMS_MAX];
    struct ablate_estimate control[ABLATE_ENDS]; /* the same code again, by the end */
    double threshold; /* a ratio: so far, or to its inverse, layout alone may move an effect */
    struct ablate_estimate gap; /* the far end by the modern end */
    double explained;           /* the sum of all factors' effects, by the gap: logarithms */
    struct ablate_estimate far_by_reference, modern_by_reference;
    struct ledger ledger;
};

/* Is the end's control another library than the end? Then it tells of layout. */
bool ablate_has_copy(const struct ablate_report *report, enum ablate_end end);

/* header, or header x cache. */
enum { ABLATE_NAME_BYTES = 64 };
void ablate_effect_name(const struct ablate_report *report, size_t term,
                        char name[ABLATE_NAME_BYTES]);

#endif
