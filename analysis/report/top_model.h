/* SPDX-License-Identifier: MIT */
/*
 * A process's allocator while it runs. Commands fill a *reading*, whose figures all count from some
 * beginning; a *moment* is what two readings say of the time between them. Each format prints
 * moments. What was not measured is NAN.
 */
#ifndef ANALYSIS_TOP_MODEL_H
#define ANALYSIS_TOP_MODEL_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model.h"

enum {
    TOP_CLASSES = REPORT_CLASSES_MAX,
    TOP_SOURCES = 64,
    TOP_EVENTS = 8,
    TOP_THREADS_READ = 256, /* of more threads, the first */
    TOP_THREADS = 16,       /* the busiest, told of by name */
    TOP_NAME = 64,
    TOP_NOTES = 12,
    TOP_HISTORY = 128, /* moments back */
    TOP_WINDOW = 16,   /* readings that shares may reach back over */
    TOP_ENOUGH = 1000, /* samples: then they reach back no further */
};

struct top_note {
    char text[320];
};

/* What stays the same while it is watched. */
struct top_target {
    pid_t pid;
    char program[PATH_MAX];
    const char *allocator; /* its name */
    bool is_hakmem;
    const char *event; /* what is sampled; NULL: no samples */
    unsigned frequency;
    bool kernel_sampled;
    bool latencies;                   /* of the slow path are watched */
    double interval_s;                /* as wanted */
    struct top_note notes[TOP_NOTES]; /* what is missing and how to get it */
    size_t note_count;
};

struct top_source_reading {
    char name[TOP_NAME];
    enum report_group group;
    double weight; /* of all samples so far */
};

struct top_class_reading {
    char name[24];  /* "64", "large", "huge" */
    uint64_t bytes; /* of a block; 0: of no one size */
    uint64_t mallocs, frees;
};

/* Slow-path events. `counted` comes from the allocator's own counters and is exact; the rest from
 * watching its probes. */
struct top_event_reading {
    const char *name;
    const char *unit;                 /* "ns", "blocks" or "" */
    double counted;                   /* so far; NAN: not counted */
    bool watched;                     /* the three below go on */
    uint64_t count, total;            /* total: in `unit` */
    uint64_t buckets[REPORT_BUCKETS]; /* bucket b: 2^b to 2^(b+1) */
};

struct top_thread_reading {
    pid_t tid;
    char name[20];
    uint64_t cpu_ns;
};

struct top_reading {
    double at_s;             /* of a clock that never goes back */
    double cpu_s;            /* the process's, user and system */
    double user_s, system_s; /* the same apart, but only as fine as the kernel's ticks */
    double own_cpu_s;        /* this tool's */
    uint64_t minor_faults, major_faults;
    uint64_t resident; /* bytes */
    unsigned threads;
    struct top_thread_reading thread[TOP_THREADS_READ];
    size_t thread_count; /* of these */

    bool counted; /* the allocator's counters were read */
    uint64_t operations;
    uint64_t live, retained, mapped, metadata; /* bytes now */
    struct top_class_reading classes[TOP_CLASSES];
    size_t class_count;

    struct top_source_reading sources[TOP_SOURCES];
    size_t source_count;
    uint64_t samples;
    bool separated;       /* the allocator's are told from the application's */
    bool kernel_sampled;  /* else they tell of the user's part alone */
    double sample_cost_s; /* what the samples so far cost the process, by estimate */

    struct top_event_reading events[TOP_EVENTS];
    size_t event_count;
    double event_cost_s; /* the same of the probes */
};

struct top_source {
    char name[TOP_NAME];
    enum report_group group;
    double share; /* of the samples in the window */
};

struct top_class {
    char name[24];
    uint64_t bytes;
    double operations; /* blocks handed out and taken back, per second */
    double mallocs, frees;
    uint64_t blocks; /* live */
    double live;     /* bytes in them; NAN: blocks of any size */
};

struct top_event {
    const char *name, *unit;
    double per_s;
    double mean, p99; /* in `unit`; NAN: none, or not watched */
    bool past;        /* these two are of all that was seen: it is not watched any more */
};

struct top_thread {
    pid_t tid;
    char name[20];
    double cores;
};

struct top_moment {
    unsigned number; /* from 1 */
    double at_s;     /* its end, after watching began */
    double seconds;  /* its length */
    double cores;    /* processor time by time */
    double own;      /* this tool's, of one core */
    double cost;     /* of the process's processor time, by watching it; NAN: it used none */
    double minor_faults, major_faults; /* per second */
    uint64_t resident;
    unsigned threads;
    struct top_thread thread[TOP_THREADS]; /* the busiest first */
    size_t thread_count;

    bool counted;
    double operations;       /* per second; NAN: not counted */
    uint64_t operations_now; /* in this interval */
    uint64_t operations_all; /* since the process began */
    uint64_t live, retained, mapped, metadata;
    struct top_class classes[TOP_CLASSES]; /* the hottest first; only those with blocks */
    size_t class_count;

    struct top_source sources[TOP_SOURCES]; /* the application, then the greatest first */
    size_t source_count;
    uint64_t samples;    /* in the window */
    double window_s;     /* that the shares tell of */
    double malloc_share; /* of the allocator and the kernel's work for it; NAN: can't be told */

    struct top_event events[TOP_EVENTS];
    size_t event_count;
};

/* What a reader of moments keeps of those before. */
struct top_history {
    struct {
        double operations, malloc_share, live, retained, mapped, resident, cores;
    } moments[TOP_HISTORY]; /* the newest last */
    size_t count;
};

/* The readings that shares reach back over. */
struct top_window {
    struct top_reading *readings[TOP_WINDOW]; /* the newest last; owned */
    size_t count;
};

__attribute__((format(printf, 2, 3))) void top_note(struct top_target *target, const char *format,
                                                    ...);

/*
 * What happened between the newest reading but one and the newest. Counts that went back (a file
 * exchanged, an exec) count as nothing. False where there are not yet two readings.
 * `start_s`: `at_s` when watching began. `moment` holds the one before, or nothing: numbers go on.
 */
bool top_moment(const struct top_window *window, double start_s, struct top_moment *moment);

/* A copy of the reading becomes the newest; the oldest goes where there is no place. False: memory
 * is out. */
bool top_window_add(struct top_window *window, const struct top_reading *reading);
void top_window_finish(struct top_window *window);

void top_history_add(struct top_history *history, const struct top_moment *moment);

/* For qsort by what the user chose: the hottest first, or the one with most in live blocks. */
enum top_order { TOP_BY_OPERATIONS, TOP_BY_LIVE, TOP_BY_SIZE, TOP_ORDERS };
extern const char *const top_order_names[TOP_ORDERS];
void top_sort_classes(struct top_moment *moment, enum top_order order);

#endif
