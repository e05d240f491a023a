/* SPDX-License-Identifier: MIT */
#include "timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A few samples at the usual frequency; two seconds of them. */
#define BIN_FIRST_S   0.004
#define POINT_FIRST_S 0.002

void timeline_start(struct timeline *timeline)
{
    memset(timeline, 0, sizeof *timeline);
    timeline->bin_s = BIN_FIRST_S;
    timeline->unit_ns = 1;
}

void timeline_finish(struct timeline *timeline)
{
    for (size_t t = 0; t < timeline->thread_count; t++) {
        for (size_t s = 0; s < timeline->source_count; s++)
            free(timeline->rows[t][s]);
    }
    timeline_start(timeline);
}

size_t timeline_thread(struct timeline *timeline, int pid, int tid)
{
    size_t at = 0;
    while (at < timeline->thread_count &&
           (timeline->threads[at].pid != pid || timeline->threads[at].tid != tid))
        at++;
    if (at < timeline->thread_count)
        return at;
    if (at == TIMELINE_THREADS_MOST)
        return at - 1;
    bool is_last = at == TIMELINE_THREADS_MOST - 1;
    timeline->threads[at] = (struct timeline_thread){
        .pid = is_last ? timeline->threads[0].pid : pid, .tid = is_last ? 0 : tid};
    timeline->thread_count++;
    return at;
}

static bool is_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static size_t find_source(const struct timeline *timeline, const struct timeline_source *source)
{
    size_t at = 0;
    while (at < timeline->source_count && (timeline->sources[at].part != source->part ||
                                           strcmp(timeline->sources[at].name, source->name) != 0 ||
                                           !is_same(timeline->sources[at].other, source->other)))
        at++;
    return at;
}

size_t timeline_source(struct timeline *timeline, const struct timeline_source *source)
{
    const struct timeline_source others = {"others", NULL, source->part};
    size_t at = find_source(timeline, source);
    bool is_new = at == timeline->source_count;
    if (is_new && at >= TIMELINE_SOURCES_MOST - TIMELINE_PARTS) {
        source = &others;
        at = find_source(timeline, source);
    }
    if (at == timeline->source_count)
        timeline->sources[timeline->source_count++] = *source;
    return at;
}

static void widen(struct timeline *timeline)
{
    for (size_t t = 0; t < timeline->thread_count; t++) {
        for (size_t s = 0; s < timeline->source_count; s++) {
            double *row = timeline->rows[t][s];
            if (!row)
                continue;
            for (size_t i = 0; i < TIMELINE_BINS / 2; i++)
                row[i] = row[2 * i] + row[2 * i + 1];
            memset(row + TIMELINE_BINS / 2, 0, TIMELINE_BINS / 2 * sizeof *row);
        }
    }
    timeline->bin_s *= 2;
    timeline->last_bin /= 2;
}

void timeline_add(struct timeline *timeline, double at_s, size_t thread, size_t source,
                  double weight)
{
    double **row = &timeline->rows[thread][source];
    if (!*row)
        *row = calloc(TIMELINE_BINS, sizeof **row);
    if (!*row) {
        timeline->no_memory = true;
        return;
    }
    at_s = fmin(fmax(at_s, 0), 1e9);
    while (at_s >= TIMELINE_BINS * timeline->bin_s)
        widen(timeline);
    size_t bin = (size_t)(at_s / timeline->bin_s);
    bin = bin < TIMELINE_BINS ? bin : TIMELINE_BINS - 1;
    (*row)[bin] += weight;
    if (bin > timeline->last_bin)
        timeline->last_bin = bin;
}

struct timeline_track *timeline_track(struct timeline *timeline, const char *name)
{
    if (timeline->track_count == TIMELINE_TRACKS_MOST)
        return NULL;
    struct timeline_track *track = &timeline->tracks[timeline->track_count++];
    *track = (struct timeline_track){.name = name, .every_s = POINT_FIRST_S};
    return track;
}

bool timeline_is_due(const struct timeline_track *track, double at_s)
{
    return track->point_count == 0 ||
           at_s >= track->points[track->point_count - 1].at_s + track->every_s;
}

void timeline_point(struct timeline_track *track, double at_s, const double *values)
{
    if (!timeline_is_due(track, at_s))
        return;
    if (track->point_count == TIMELINE_POINTS_MOST) {
        track->point_count /= 2;
        for (size_t i = 0; i < track->point_count; i++)
            track->points[i] = track->points[2 * i];
        track->every_s *= 2;
    }
    struct timeline_point *point = &track->points[track->point_count++];
    point->at_s = at_s;
    memcpy(point->values, values, track->key_count * sizeof *values);
}

double timeline_of_source(const struct timeline *timeline, size_t bin, size_t source)
{
    double sum = 0;
    for (size_t t = 0; t < timeline->thread_count; t++)
        sum += timeline->rows[t][source] ? timeline->rows[t][source][bin] : 0;
    return sum;
}

double timeline_of_part(const struct timeline *timeline, size_t bin, enum timeline_part part)
{
    double sum = 0;
    for (size_t s = 0; s < timeline->source_count; s++)
        sum += timeline->sources[s].part == part ? timeline_of_source(timeline, bin, s) : 0;
    return sum;
}
