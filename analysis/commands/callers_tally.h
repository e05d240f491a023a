/* SPDX-License-Identifier: MIT */
/* What the samples say of each path: kept one by one, added up when all are there. */
#ifndef ANALYSIS_CALLERS_TALLY_H
#define ANALYSIS_CALLERS_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "follow_layout.h"
#include "report/callers_model.h"

/* A sampled call that asked for memory. Times in ns. */
struct callers_call {
    size_t path;
    double weight; /* the calls that it stands for: one over its chance, follow_layout.h */
    uint64_t size, usable, below, before; /* as of struct follow_sample */
    uint64_t lifetime, lifetime_calls;
    enum follow_call call;
    enum follow_end end;
    bool is_remote; /* ended by another thread */
};

/* Of the samples of time in malloc: how many, and what they stand for. */
struct callers_time {
    uint64_t samples;
    double weight;
};

struct callers_tally {
    struct callers_call *calls;
    size_t call_count, call_capacity;
    struct callers_time *times; /* by path; as many as time_capacity, zeroes at first */
    size_t time_capacity;
    struct callers_time all, malloc; /* of all samples, of those in malloc */
    double squares;                  /* of the weights of all */
};

void callers_tally_finish(struct callers_tally *tally);

/* False: no memory. */
bool callers_tally_call(struct callers_tally *tally, size_t path,
                        const struct follow_sample *sample);
bool callers_tally_time(struct callers_tally *tally, size_t path, double weight);

/* Fills the report's figures of all and of each of `count` paths, which the report gets copies of,
 * and their orders by cost. Sorts the tally. False: no memory. */
bool callers_tally_measure(struct callers_tally *tally, const struct callers_path *paths,
                           size_t count, struct callers_report *report);

#endif
