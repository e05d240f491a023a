/* SPDX-License-Identifier: MIT */
/* What was seen of the slow paths, as a part of the report's model (model.h). */
#ifndef ANALYSIS_SLOW_PATH_MODEL_H
#define ANALYSIS_SLOW_PATH_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    REPORT_LATENCIES_MAX = 16,
    REPORT_CALLS_MAX = 16,
    REPORT_CLASS_LATENCIES_MAX = 128,
    REPORT_LOSSES_MAX = 4,
    REPORT_HOWS_MAX = 4,
    REPORT_BUCKETS = 40,
};

/* Events of a kind. In bucket b: 2^b to 2^(b+1). */
struct report_latency {
    const char *name;
    const char *of;   /* of a system call: whose, "arena", "library", "program"; else NULL */
    const char *unit; /* "ns", "blocks", "bytes", or "" where nothing but the number is known */
    uint64_t count, total, max;
    uint64_t bytes; /* that timed events were about; 0: has no meaning */
    double median, p99;
    uint64_t buckets[REPORT_BUCKETS];
    bool cut_short;

    uint64_t hits;  /* of its probes; of a system call's all under the first `of` */
    double cost_ns; /* of a hit */
    double cost;    /* fraction of the CPU time */
};

/* A slow path of one size class: nanoseconds. */
struct report_class_latency {
    const char *kind;
    unsigned class;
    uint64_t bytes; /* of a block; 0: not known */
    uint64_t count, total, max;
};

struct report_size {
    uint64_t bytes, count;
};

struct report_slow_path {
    bool watched;
    double seconds;
    uint64_t lost;
    struct {
        const char *name;
        uint64_t count;
    } lost_by[REPORT_LOSSES_MAX];
    size_t loss_count;
    struct report_latency kinds[REPORT_LATENCIES_MAX];
    size_t kind_count;
    struct report_latency calls[REPORT_CALLS_MAX];
    size_t call_count;
    struct report_class_latency by_class[REPORT_CLASS_LATENCIES_MAX];
    size_t by_class_count;
    struct {
        const char *name, *how; /* by which of the kernel's instruments */
    } how[REPORT_HOWS_MAX];
    size_t how_count;

    /* On request, every call: kinds malloc, free and realloc, and these. */
    bool every_call;
    struct report_size *sizes; /* asked for, ascending; allocated, for as long as the report is */
    size_t size_count;
};

#endif
