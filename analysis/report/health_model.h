/* SPDX-License-Identifier: MIT */
/* The report of a health check: a workload of each kind, and what was wrong there. */
#ifndef ANALYSIS_HEALTH_MODEL_H
#define ANALYSIS_HEALTH_MODEL_H

#include "compare_model.h"

enum { HEALTH_PROFILES = 2, HEALTH_REASONS_MAX = 6, HEALTH_ROW = 2 };

enum health_verdict { HEALTH_UNKNOWN, HEALTH_PASS, HEALTH_FAIL };

extern const char *const health_verdict_names[];

/* What the library counted in all rounds together. */
struct health_counters {
    uint64_t programs; /* that the library counted in */
    uint64_t unreadable;
    uint64_t mallocs, frees;
    uint64_t operations;
    uint64_t refused;
    uint64_t live; /* bytes at the end of one of them: of that which had most mapped */
};

struct health_profile {
    const char *name;
    char checksum[64];          /* under glibc; empty: unknown */
    uint64_t operations;        /* of one run */
    struct compare_report runs; /* rows: glibc, glibc again, and HEALTH_ROW; figures M ops/s */
    bool has_counters;
    struct health_counters counters;
    enum health_verdict verdict;
    char reasons[HEALTH_REASONS_MAX][256];
    size_t reason_count;
};

struct health_report {
    struct health_profile profiles[HEALTH_PROFILES];
    size_t profile_count; /* begun */
    double bound;         /* throughput: fails when certainly below that many times glibc's */
    double memory_bound;  /* max RSS: fails above that many times glibc's */
    bool is_hakmem;       /* else nothing but the outside is checked */
    bool interrupted;
    enum health_verdict verdict;
};

#endif
