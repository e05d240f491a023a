/* SPDX-License-Identifier: MIT */
#include "callers_tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/growing.h"
#include "callers_measure.h"
#include "statistics/interval.h"

void callers_tally_finish(struct callers_tally *tally)
{
    free(tally->calls);
    free(tally->times);
    *tally = (struct callers_tally){0};
}

bool callers_tally_call(struct callers_tally *tally, size_t path,
                        const struct follow_sample *sample)
{
    if (!growing_reserve(&tally->calls, &tally->call_capacity, tally->call_count,
                         sizeof *tally->calls))
        return false;
    double cost = (double)sample->size + FOLLOW_CALL_BYTES;
    tally->calls[tally->call_count++] = (struct callers_call){
        .path = path,
        .weight = -1 / expm1(-cost / (double)sample->mean),
        .size = sample->size,
        .usable = sample->usable,
        .below = sample->below,
        .before = sample->before,
        .lifetime = sample->end_time > sample->time ? sample->end_time - sample->time : 0,
        .lifetime_calls = sample->end_allocations,
        .call = (enum follow_call)sample->call,
        .end = (enum follow_end)sample->end,
        .is_remote = sample->end != FOLLOW_LIVE && sample->end_thread != sample->thread,
    };
    return true;
}

bool callers_tally_time(struct callers_tally *tally, size_t path, double weight)
{
    while (path >= tally->time_capacity) {
        size_t before = tally->time_capacity;
        if (!growing_reserve(&tally->times, &tally->time_capacity, before, sizeof *tally->times))
            return false;
        memset(tally->times + before, 0, (tally->time_capacity - before) * sizeof *tally->times);
    }
    tally->times[path].samples++;
    tally->times[path].weight += weight;
    tally->malloc.samples++;
    tally->malloc.weight += weight;
    return true;
}

static struct estimate share_of(double part, double whole, double samples)
{
    if (!(whole > 0))
        return (struct estimate){NAN, NAN, NAN};
    struct interval interval = interval_of_share(part / whole, samples, INTERVAL_95);
    return (struct estimate){part / whole, interval.low, interval.high};
}

/* As many samples of equal weight would tell as much. */
static double effective_samples(const struct callers_tally *tally)
{
    return tally->squares > 0 ? tally->all.weight * tally->all.weight / tally->squares : 0;
}

static void measure_time(const struct callers_tally *tally, size_t at, struct callers_path *path)
{
    struct callers_time time =
        at < tally->time_capacity ? tally->times[at] : (struct callers_time){0};
    double each = tally->all.samples ? effective_samples(tally) / (double)tally->all.samples : 0;
    path->time_samples = time.samples;
    path->time_share =
        share_of(time.weight, tally->malloc.weight, each * (double)tally->malloc.samples);
}

static int by_path(const void *a, const void *b)
{
    const struct callers_call *x = a, *y = b;
    return (x->path > y->path) - (x->path < y->path);
}

static int by_time_share(const void *a, const void *b, void *context)
{
    const struct callers_path *paths = context;
    double x = paths[*(const size_t *)a].time_share.value,
           y = paths[*(const size_t *)b].time_share.value;
    return (x < y) - (x > y);
}

static int by_byte_share(const void *a, const void *b, void *context)
{
    const struct callers_path *paths = context;
    double x = paths[*(const size_t *)a].byte_share.value,
           y = paths[*(const size_t *)b].byte_share.value;
    return (x < y) - (x > y);
}

static bool order(struct callers_report *report)
{
    report->by_time = calloc(report->path_count + 1, sizeof *report->by_time);
    report->by_bytes = calloc(report->path_count + 1, sizeof *report->by_bytes);
    if (!report->by_time || !report->by_bytes)
        return false;
    for (size_t i = 0; i < report->path_count; i++) {
        if (report->paths[i].time_samples)
            report->by_time[report->by_time_count++] = i;
        if (report->paths[i].samples)
            report->by_bytes[report->by_bytes_count++] = i;
    }
    qsort_r(report->by_time, report->by_time_count, sizeof *report->by_time, by_time_share,
            report->paths);
    qsort_r(report->by_bytes, report->by_bytes_count, sizeof *report->by_bytes, by_byte_share,
            report->paths);
    return true;
}

bool callers_tally_measure(struct callers_tally *tally, const struct callers_path *paths,
                           size_t count, struct callers_report *report)
{
    report->paths = calloc(count, sizeof *report->paths);
    if (!report->paths)
        return false;
    memcpy(report->paths, paths, count * sizeof *paths);
    report->path_count = count;
    report->time_samples = tally->all.samples;
    report->malloc_samples = tally->malloc.samples;
    report->malloc_share =
        share_of(tally->malloc.weight, tally->all.weight, effective_samples(tally));
    report->samples = tally->call_count;
    if (tally->call_count)
        qsort(tally->calls, tally->call_count, sizeof *tally->calls, by_path);
    callers_measure_all(tally->calls, tally->call_count, report);
    for (size_t i = 0, first = 0; i < count; i++) {
        size_t end = first;
        while (end < tally->call_count && tally->calls[end].path == i)
            end++;
        measure_time(tally, i, &report->paths[i]);
        if (!callers_measure_calls(tally->calls + first, end - first, report, &report->paths[i]))
            return false;
        first = end;
    }
    return order(report);
}
