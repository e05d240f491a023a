/* SPDX-License-Identifier: MIT */
#include "memory_series.h"

#include <math.h>

#include "clock.h"
#include "resident.h"

#define EVERY_FIRST 0.004
/* A short program is worth more: the part of the time for the first looks, of so many seconds in
 * all. */
#define FIRST_SHARE 0.02
#define FIRST_S     0.002

enum { PROCESSES_MAX = 64 };

struct looking {
    struct memory_series *series;
    struct memory_moment moment;
    pid_t seen[PROCESSES_MAX]; /* a process has a file for each program it executed */
    size_t seen_count;
};

static uint64_t difference(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

static uint64_t live_of(const struct hak_counter_header *header, const struct hak_counter_page *sum)
{
    uint64_t live = difference(sum->count[HAK_COUNT_large_bytes_allocated],
                               sum->count[HAK_COUNT_large_bytes_freed]);
    for (size_t c = 0; c < header->slab_classes && c < HAK_COUNTER_CLASSES; c++)
        live += difference(sum->mallocs[c], sum->frees[c]) * header->class_bytes[c];
    return live;
}

static void add(void *context, pid_t pid)
{
    struct looking *looking = context;
    const struct counted *counted = &looking->series->counted;
    struct hak_counter_header header;
    struct hak_counter_page sum;
    for (size_t i = 0; i < looking->seen_count; i++) {
        if (looking->seen[i] == pid)
            return;
    }
    uint64_t resident = resident_total(pid);
    if (!resident || looking->seen_count == PROCESSES_MAX)
        return; /* its file outlives it */
    looking->seen[looking->seen_count++] = pid;
    looking->moment.resident += resident;
    if (!counted->read(counted->context, pid, &header, &sum))
        return;
    looking->moment.counted = true;
    looking->moment.live += live_of(&header, &sum);
    looking->moment.retained += header.retained_bytes;
}

static void thin_out(struct memory_series *series)
{
    for (size_t i = 0; 2 * i < series->count; i++)
        series->moments[i] = series->moments[2 * i];
    series->count = (series->count + 1) / 2;
    series->every *= 2;
}

void memory_series_tick(struct memory_series *series)
{
    double begin = clock_seconds();
    struct looking looking = {.series = series, .moment = {.at = begin}};
    if (begin < series->not_before)
        return;
    series->counted.each_process(series->counted.context, add, &looking);
    if (!looking.moment.resident && series->root)
        looking.moment.resident = resident_total(series->root);
    if (series->count == MEMORY_MOMENTS_MAX)
        thin_out(series);
    if (looking.moment.resident)
        series->moments[series->count++] = looking.moment;
    double took = clock_seconds() - begin;
    series->look_s += took;
    double share = series->look_s < FIRST_S ? fmax(FIRST_SHARE, series->share) : series->share;
    series->every = fmax(series->every, EVERY_FIRST);
    series->not_before = begin + fmax(series->every, took / share);
}
