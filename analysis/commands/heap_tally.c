/* SPDX-License-Identifier: MIT */
#include "heap_tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/growing.h"
#include "statistics/interval.h"

void heap_tally_finish(struct heap_tally *tally)
{
    free(tally->samples);
    *tally = (struct heap_tally){0};
}

bool heap_tally_add(struct heap_tally *tally, size_t path, const struct follow_sample *sample)
{
    if (!growing_reserve(&tally->samples, &tally->capacity, tally->count, sizeof *tally->samples))
        return false;
    bool is_freed = sample->end == FOLLOW_FREED;
    tally->samples[tally->count++] = (struct heap_sample){
        .path = (uint32_t)path,
        .chance = (float)-expm1(-(double)sample->usable / (double)sample->mean),
        .size = sample->size,
        .born = sample->time,
        .ended = is_freed ? sample->end_time : UINT64_MAX,
        .gone = is_freed ? sample->end_time : UINT64_MAX,
    };
    if (!tally->interval || sample->mean < tally->interval)
        tally->interval = sample->mean;
    if (sample->mean > tally->last_interval)
        tally->last_interval = sample->mean;
    return true;
}

void heap_tally_end_image(struct heap_tally *tally, bool has_ended, uint64_t now)
{
    for (size_t i = tally->image; has_ended && i < tally->count; i++) {
        if (tally->samples[i].gone == UINT64_MAX)
            tally->samples[i].gone = now;
    }
    tally->image = tally->count;
}

/* Until an estimate is made of it, `value` is the sum and `low` its variance. */
static void add_to(struct estimate *sum, double value, double chance)
{
    sum->value += value / chance;
    sum->low += (1 - chance) * (value / chance) * (value / chance);
}

static void count_in(struct heap_figures *figures, const struct heap_sample *sample)
{
    figures->samples++;
    add_to(&figures->blocks, 1, sample->chance);
    add_to(&figures->bytes, (double)sample->size, sample->chance);
}

static void make_estimate(struct estimate *sum)
{
    struct interval interval = interval_of_sum(sum->value, sum->low, INTERVAL_95);
    sum->low = interval.low;
    sum->high = interval.high;
}

static void make_estimates(struct heap_figures figures[HEAP_WHENS])
{
    for (int when = 0; when < HEAP_WHENS; when++) {
        make_estimate(&figures[when].blocks);
        make_estimate(&figures[when].bytes);
    }
}

/* A block comes or goes. */
struct event {
    uint64_t time;
    double blocks, bytes;
};

static int by_time(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->bytes > y->bytes) - (x->bytes < y->bytes); /* what goes, before what comes */
}

/* In the order of time; the list is the caller's. NULL: no memory. */
static struct event *list_events(const struct heap_tally *tally, size_t *count)
{
    struct event *events = calloc(2 * tally->count + 1, sizeof *events);
    *count = 0;
    for (size_t i = 0; events && i < tally->count; i++) {
        const struct heap_sample *sample = &tally->samples[i];
        double weight = 1 / sample->chance, bytes = weight * (double)sample->size;
        events[(*count)++] = (struct event){sample->born, weight, bytes};
        if (sample->gone != UINT64_MAX)
            events[(*count)++] = (struct event){sample->gone, -weight, -bytes};
    }
    if (events)
        qsort(events, *count, sizeof *events, by_time);
    return events;
}

static struct heap_moment after(struct heap_moment moment, const struct event *event)
{
    moment.blocks += event->blocks;
    moment.bytes += event->bytes;
    moment.allocated += event->bytes > 0 ? event->bytes : 0;
    return moment;
}

static uint64_t find_peak(const struct event *events, size_t count)
{
    struct heap_moment moment = {0};
    double highest = 0;
    uint64_t peak = 0;
    for (size_t i = 0; i < count; i++) {
        moment = after(moment, &events[i]);
        if (moment.bytes > highest) {
            highest = moment.bytes;
            peak = events[i].time;
        }
    }
    return peak;
}

/* As it was at times that are equally far from each other, and at the peak. */
static bool keep_moments(const struct event *events, size_t count, uint64_t peak,
                         struct heap_report *report)
{
    struct heap_moment moment = {0}, *moments = calloc(HEAP_MOMENTS_MAX, sizeof *moments);
    if (!moments || count == 0) {
        report->moments = moments;
        return moments;
    }
    uint64_t first = events[0].time, last = events[count - 1].time, kept = 0;
    uint64_t step = (last - first) / (HEAP_MOMENTS_MAX - 3) + 1;
    for (size_t i = 0; i < count; i++) {
        moment = after(moment, &events[i]);
        if (i + 1 < count && events[i + 1].time == events[i].time)
            continue;
        bool is_next = i + 1 == count || events[i + 1].time >= first + kept * step;
        if (!is_next && events[i].time != peak)
            continue;
        moment.at_s = 1e-9 * (double)events[i].time - report->start_s;
        if (report->moment_count < HEAP_MOMENTS_MAX)
            moments[report->moment_count++] = moment;
        kept = (events[i].time - first) / step + 1;
    }
    report->moments = moments;
    return true;
}

static const struct heap_report *sorted_report; /* for qsort */
static enum heap_when sorted_when;

static int by_bytes(const void *a, const void *b)
{
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    double x = sorted_report->paths[i].when[sorted_when].bytes.value;
    double y = sorted_report->paths[j].when[sorted_when].bytes.value;
    return x != y ? (x < y) - (x > y) : (i > j) - (i < j);
}

static bool order(struct heap_report *report, enum heap_when when)
{
    size_t *list = calloc(report->path_count + 1, sizeof *list), count = 0;
    for (size_t i = 0; list && i < report->path_count; i++) {
        if (report->paths[i].when[when].samples > 0)
            list[count++] = i;
    }
    sorted_report = report;
    sorted_when = when;
    if (list)
        qsort(list, count, sizeof *list, by_bytes);
    report->by[when] = list;
    report->by_count[when] = count;
    return list;
}

static void add_up(const struct heap_tally *tally, uint64_t peak, struct heap_report *report)
{
    for (size_t i = 0; i < tally->count; i++) {
        const struct heap_sample *sample = &tally->samples[i];
        struct heap_path *path = &report->paths[sample->path];
        const bool is_of[HEAP_WHENS] = {
            [HEAP_ALLOCATED] = true,
            [HEAP_AT_PEAK] = sample->born <= peak && sample->gone > peak,
            [HEAP_AT_EXIT] = sample->ended == UINT64_MAX,
        };
        for (int when = 0; when < HEAP_WHENS; when++) {
            if (!is_of[when])
                continue;
            count_in(&path->when[when], sample);
            count_in(&report->when[when], sample);
        }
    }
    for (size_t i = 0; i < report->path_count; i++)
        make_estimates(report->paths[i].when);
    make_estimates(report->when);
}

bool heap_tally_measure(const struct heap_tally *tally, struct heap_report *report)
{
    size_t count;
    struct event *events = list_events(tally, &count);
    if (!events)
        return false;
    uint64_t peak = find_peak(events, count);
    report->interval = tally->interval ? tally->interval : report->interval;
    report->last_interval = tally->last_interval;
    report->peak_at_s = count > 0 ? 1e-9 * (double)peak - report->start_s : NAN;
    add_up(tally, peak, report);
    bool done = keep_moments(events, count, peak, report);
    for (int when = 0; when < HEAP_WHENS; when++)
        done &= order(report, when);
    free(events);
    return done;
}
