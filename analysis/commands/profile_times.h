/* SPDX-License-Identifier: MIT */
/*
 * Samples in time, beside the profile's sums: by thread and source, for a timeline. Whose code a
 * sample fell on is asked when the program has ended, as for the profile, or when very many are
 * held. Samples that were added up in the kernel have no time and are left out.
 */
#ifndef ANALYSIS_PROFILE_TIMES_H
#define ANALYSIS_PROFILE_TIMES_H

#include "collect/sampler.h"
#include "report/formats/timeline.h"

struct profile;
struct profile_place;
struct profile_source;

struct profile_moment {
    uint64_t time;    /* ns of the monotonic clock */
    const char *path; /* of the file it fell on; NULL: `name` is known */
    uint64_t offset;  /* in it */
    const char *name;
    enum timeline_part part;
    bool in_kernel;
    size_t thread;
    double weight;
};

struct profile_times {
    struct timeline timeline;
    struct profile_moment *held;
    size_t count, capacity;
};

void profile_times_start(struct profile_times *times);
void profile_times_finish(struct profile_times *times);

/* A sample that fell on a place, or whose source is known. `times` NULL: not wanted. */
void profile_times_at_place(struct profile_times *times, struct profile *profile,
                            const struct time_sample *sample, const struct profile_place *place);
void profile_times_of_source(struct profile_times *times, struct profile *profile,
                             const struct time_sample *sample, const struct profile_source *source);

/* Asks whose code all samples so far fell on. */
void profile_times_name(struct profile_times *times, struct profile *profile);

#endif
