/* SPDX-License-Identifier: MIT */
/*
 * What a run did in time, within bounds however long it was. Processor time is kept by thread and
 * source in bins; when a program outlives them, two become one of twice the width. Other figures
 * are points in time; when there are too many, every second one goes.
 *
 *     bins     |    |    |    |    |      ->     |         |         |         |         |
 *              0    w   2w   3w   4w             0        2w        4w        6w        8w
 */
#ifndef ANALYSIS_TIMELINE_H
#define ANALYSIS_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TIMELINE_BINS = 512, /* even */
    TIMELINE_THREADS_MOST = 256,
    TIMELINE_SOURCES_MOST = 128,
    TIMELINE_TRACKS_MOST = 8,
    TIMELINE_KEYS_MOST = 16,
    TIMELINE_POINTS_MOST = 512, /* even */
    TIMELINE_NAME = 32
};

/* What a source is a part of. */
enum timeline_part { TIMELINE_MALLOC, TIMELINE_APPLICATION, TIMELINE_KERNEL, TIMELINE_PARTS };

struct timeline_source {
    const char *name;
    const char *other; /* the allocator it is of, where that isn't the one of the run; or NULL */
    enum timeline_part part;
};

struct timeline_thread {
    int pid, tid;                                     /* tid 0: all threads that found no room */
    char name[TIMELINE_NAME], process[TIMELINE_NAME]; /* empty: not known */
    uint64_t samples;
};

/* Values that belong together. */
struct timeline_track {
    const char *name;
    const char *keys[TIMELINE_KEYS_MOST];
    size_t key_count;
    bool is_rate; /* values are sums since the start: shown is what is added in a second */
    struct timeline_point {
        double at_s;                       /* after the start */
        double values[TIMELINE_KEYS_MOST]; /* NAN: not known */
    } points[TIMELINE_POINTS_MOST];
    size_t point_count;
    double every_s; /* points are this far apart at least */
};

struct timeline {
    double began_s;  /* of the monotonic clock; everything else is after this */
    double bin_s;    /* width of a bin */
    double unit_ns;  /* ns of processor time that a unit of weight stands for */
    size_t last_bin; /* the last one with anything in it */
    struct timeline_thread threads[TIMELINE_THREADS_MOST];
    struct timeline_source sources[TIMELINE_SOURCES_MOST];
    struct timeline_track tracks[TIMELINE_TRACKS_MOST];
    size_t thread_count, source_count, track_count;
    double *rows[TIMELINE_THREADS_MOST][TIMELINE_SOURCES_MOST]; /* NULL, or a weight for each bin */
    bool no_memory;                                             /* something is missing */
};

void timeline_start(struct timeline *timeline);
void timeline_finish(struct timeline *timeline);

/* Indexes, of old ones or new. Threads for which there is no room share the last, sources that of
 * their part's others. */
size_t timeline_thread(struct timeline *timeline, int pid, int tid);
size_t timeline_source(struct timeline *timeline, const struct timeline_source *source);

/* Processor time, `at_s` after the start, by its weight. */
void timeline_add(struct timeline *timeline, double at_s, size_t thread, size_t source,
                  double weight);

/* NULL where there is no room. */
struct timeline_track *timeline_track(struct timeline *timeline, const char *name);

/* Not more than one in every_s. */
void timeline_point(struct timeline_track *track, double at_s, const double *values);
bool timeline_is_due(const struct timeline_track *track, double at_s);

/* Sums of a bin. */
double timeline_of_part(const struct timeline *timeline, size_t bin, enum timeline_part part);
double timeline_of_source(const struct timeline *timeline, size_t bin, size_t source);

#endif
