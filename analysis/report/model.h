/* SPDX-License-Identifier: MIT */
/*
 * One model of a report. Commands fill it from what was collected; each format prints the same
 * figures from it. A figure that was not measured is NAN: text says so, JSON says null.
 */
#ifndef ANALYSIS_MODEL_H
#define ANALYSIS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "annotate_model.h"
#include "callers_model.h"
#include "heap_model.h"
#include "slow_path_model.h"
#include "step_parts.h"

enum {
    REPORT_SOURCES_MAX = 96,
    REPORT_COUNTERS_MAX = 80,
    REPORT_CLASSES_MAX = 64,
    REPORT_KINDS_MAX = 8,
    REPORT_NOTES_MAX = 16,
    REPORT_MOMENTS_MAX = 200,
};

enum report_group {
    REPORT_APPLICATION,
    REPORT_FACTOR,        /* one of the allocator's factors */
    REPORT_ALLOCATOR,     /* another file of the allocator */
    REPORT_KERNEL_MALLOC, /* the kernel's work on malloc's behalf */
    REPORT_KERNEL,        /* the kernel's other work */
};

/* Where processor time went. */
struct report_source {
    char name[64];
    const char *other; /* the allocator it is of, where that isn't the report's; else NULL */
    enum report_group group;
    uint64_t samples;
    double share, ci_low, ci_high; /* of the processor time; NAN bounds: not from samples */
    double ns_per_op;
};

/* The same by the parts that all allocators have. */
struct report_step {
    uint64_t samples;
    double share; /* of the processor time; they add up to 1, or are NAN */
};

struct report_counter {
    const char *name;
    const char *text; /* what it counts */
    uint64_t value;
    double per_op;
};

struct report_class {
    char name[24]; /* "64", "large", "huge" */
    uint64_t bytes;
    uint64_t mallocs, frees;
    double share;            /* of all blocks handed out */
    uint64_t resident, live; /* bytes, when most was resident */
};

struct report_overhead {
    double sample_ns, fault_ns, follow_ns, switch_ns; /* measured costs */
    uint64_t switches;
    double sampling; /* fractions of the program's processor time */
    double slow_path;
    double tool;   /* processor time of hakmem-trace itself while the program ran */
    double looks;  /* of that, looks at memory, by the clock */
    double total;  /* all but `looks`, which `tool` holds */
    double budget; /* that watching was to stay within */
};

struct report_memory {
    uint64_t mapped, live, retained, metadata;
};

/* Resident memory by what it is. */
struct report_kind {
    const char *name;
    uint64_t resident;
    double live; /* of it in blocks handed out; NAN: holds no blocks, or not known */
};

/* One process at one moment, the one of all looked at with most. */
struct report_resident {
    bool seen;
    int pid;
    double at_s; /* after the start */
    uint64_t looks, total;
    struct report_kind kinds[REPORT_KINDS_MAX];
    size_t kind_count;
};

/* Memory at a moment, in bytes: of all processes that count, or of the first where none does. */
struct report_moment {
    double at_s; /* after the start */
    double resident;
    double live, retained; /* NAN: not counted */
};

/* A process that ran before it was watched. */
struct report_attached {
    int pid; /* 0: hakmem-trace started the command */
    bool has_ended;
    double attach_ms, detach_ms; /* what these took; the process ran on */
};

struct report {
    struct report_attached attached;
    char *const *command;
    int exit_code, signal;
    const char *allocator, *library; /* library: NULL where nothing is preloaded */
    const char *brought; /* nothing was preloaded, and the program has this allocator; or NULL */
    bool counted;        /* libhakmem's counters were found */
    bool allocator_separated; /* the allocator's time is told from the application's */

    double wall_s, user_s, system_s, cpu_s;
    uint64_t max_rss_kb;
    double operations, operations_per_cpu_s;
    double bytes;
    uint64_t processes; /* program images that counted */

    const char *event; /* NULL: not sampled */
    unsigned frequency;
    bool kernel_sampled;
    bool processors_sampled; /* not thread by thread */
    bool aggregated;         /* samples were added up in the kernel */
    bool kernel_separated;   /* the kernel's work on malloc's behalf is told from its other work */
    uint64_t samples, lost, throttled, fault_samples;
    double malloc_share, malloc_low, malloc_high, malloc_ns_per_op;

    struct report_source sources[REPORT_SOURCES_MAX];
    size_t source_count;
    struct report_step steps[STEP_PARTS];
    struct report_counter counters[REPORT_COUNTERS_MAX];
    size_t counter_count;
    struct report_class classes[REPORT_CLASSES_MAX];
    size_t class_count;
    struct {
        const char *factor, *level;
    } levels[8];
    size_t level_count;
    struct report_memory memory;
    struct report_resident resident;
    struct report_moment moments[REPORT_MOMENTS_MAX]; /* in the order of time */
    size_t moment_count;

    struct report_slow_path slow_path;
    const struct heap_report *heap;       /* NULL: not asked for */
    const struct annotate_report *code;   /* malloc's and free's, with samples alone; NULL: none */
    const struct callers_report *callers; /* of malloc's time alone; NULL: none were sampled */

    bool overhead_measured;
    struct report_overhead overhead;

    char notes[REPORT_NOTES_MAX][400]; /* what is missing and how to get it, warnings */
    size_t note_count;
};

__attribute__((format(printf, 2, 3))) void report_note(struct report *report, const char *format,
                                                       ...);

/* The next free place, or NULL. */
struct report_source *report_add_source(struct report *report, const char *name,
                                        enum report_group group);
void report_add_counter(struct report *report, const char *name, const char *text, uint64_t value);

/* From the histogram: the bound-interpolated value below which `part` of the events lie. */
double report_quantile(const uint64_t *buckets, double part);

extern const char *const report_group_names[];

#endif
