/* SPDX-License-Identifier: MIT */
/* What sampled blocks say together: kept one by one, added up when all are there. */
#ifndef ANALYSIS_HEAP_TALLY_H
#define ANALYSIS_HEAP_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "follow_layout.h"
#include "report/heap_model.h"

struct heap_sample {
    uint32_t path;
    float chance;         /* that it was sampled with */
    uint64_t size;        /* bytes asked for */
    uint64_t born, ended; /* ns of CLOCK_MONOTONIC; UINT64_MAX: it was not given back */
    uint64_t gone;        /* the same, but also with its process */
};

struct heap_tally {
    struct heap_sample *samples;
    size_t count, capacity;
    size_t image; /* the first sample of the image at hand */
    uint64_t interval, last_interval;
};

void heap_tally_finish(struct heap_tally *tally);

/* False: no memory. */
bool heap_tally_add(struct heap_tally *tally, size_t path, const struct follow_sample *sample);

/* The image's process had ended by `now`, with what it had left; else it ends with the run. */
void heap_tally_end_image(struct heap_tally *tally, bool has_ended, uint64_t now);

/* Fills in the report's figures: those of each of its paths, which are all zero, of all together,
 * orders and moments. False: no memory. */
bool heap_tally_measure(const struct heap_tally *tally, struct heap_report *report);

#endif
