/* SPDX-License-Identifier: MIT */
#include "watching_slow_path.h"

#include <stdlib.h>
#include <string.h>

#include "commands.h"

_Static_assert((int)REPORT_BUCKETS == SLOW_PATH_BUCKETS &&
                   (int)REPORT_LATENCIES_MAX >= SLOW_PATH_KINDS &&
                   (int)REPORT_CALLS_MAX >= SLOW_PATH_CALLS * SLOW_PATH_ORIGINS &&
                   (int)REPORT_CLASS_LATENCIES_MAX >= SLOW_PATH_BY_CLASS * SLOW_PATH_CLASSES &&
                   (int)REPORT_LOSSES_MAX >= SLOW_PATH_LOSSES &&
                   (int)REPORT_HOWS_MAX >= SLOW_PATH_INSTRUMENTS,
               "there is room for all");

static const char *unit_of(int kind, const struct slow_path_events *events)
{
    switch (kind) {
    case SLOW_PATH_REMOTE_PUBLISH:
    case SLOW_PATH_REMOTE_FOUND:
        return "blocks";
    case SLOW_PATH_MALLOC:
    case SLOW_PATH_REALLOC:
        return "bytes";
    default:
        return events->timed ? "ns" : "";
    }
}

static void fill_latency(struct report_latency *to, const char *name, const char *unit,
                         const struct slow_path_events *from)
{
    *to = (struct report_latency){
        .name = name,
        .unit = unit,
        .count = from->count,
        .total = from->total,
        .max = from->max,
        .bytes = from->bytes,
        .median = report_quantile(from->histogram, 0.5),
        .p99 = report_quantile(from->histogram, 0.99),
        .cut_short = from->cut_short,
        .hits = from->hits,
        .cost_ns = from->cost_ns,
        .cost = from->cost_fraction,
    };
    memcpy(to->buckets, from->histogram, sizeof to->buckets);
}

static void fill_kinds(struct report_slow_path *to, const struct slow_path_report *from)
{
    for (int k = 0; k < SLOW_PATH_KINDS; k++) {
        if (from->kind[k].watched)
            fill_latency(&to->kinds[to->kind_count++], slow_path_names[k],
                         unit_of(k, &from->kind[k]), &from->kind[k]);
    }
    for (int call = 0; call < SLOW_PATH_CALLS; call++) {
        for (int origin = 0; origin < SLOW_PATH_ORIGINS; origin++) {
            const struct slow_path_events *events = &from->call[call][origin];
            struct report_latency *row = &to->calls[to->call_count];
            if (!events->watched)
                continue;
            fill_latency(row, slow_path_call_names[call], "ns", events);
            row->of = slow_path_origin_names[origin];
            to->call_count++;
        }
    }
}

static void fill_classes(struct report_slow_path *to, const struct slow_path_report *from,
                         const struct counters *counters)
{
    for (int k = 0; k < SLOW_PATH_BY_CLASS; k++) {
        for (unsigned c = 0; c < SLOW_PATH_CLASSES; c++) {
            const struct slow_path_class *events = &from->by_class[k][c];
            if (events->count == 0)
                continue;
            bool known = counters->files && c < counters->header.slab_classes;
            to->by_class[to->by_class_count++] = (struct report_class_latency){
                .kind = slow_path_names[k],
                .class = c,
                .bytes = known ? counters->header.class_bytes[c] : 0,
                .count = events->count,
                .total = events->total,
                .max = events->max,
            };
        }
    }
}

static void fill_sizes(struct report_slow_path *to, const struct slow_path_report *from)
{
    to->every_call = from->every_call;
    to->sizes = calloc(from->size_count + 1, sizeof *to->sizes);
    for (size_t i = 0; to->sizes && i < from->size_count; i++)
        to->sizes[to->size_count++] =
            (struct report_size){from->sizes[i].bytes, from->sizes[i].count};
}

void watching_slow_path_fill(struct report *report, const struct watching_facts *facts)
{
    const struct slow_path_report *from = facts->slow_path;
    struct report_slow_path *to = &report->slow_path;
    if (!from)
        return;
    to->watched = true;
    to->seconds = from->seconds_watched;
    to->lost = from->lost;
    for (int loss = 0; loss < SLOW_PATH_LOSSES; loss++) {
        to->lost_by[loss].name = slow_path_loss_names[loss];
        to->lost_by[loss].count = from->lost_by[loss];
    }
    to->loss_count = SLOW_PATH_LOSSES;
    fill_kinds(to, from);
    fill_classes(to, from, facts->counters);
    for (int i = 0; i < SLOW_PATH_INSTRUMENTS; i++) {
        to->how[i].name = from->how[i].name;
        to->how[i].how = from->how[i].how;
        if (!from->how[i].best)
            report_note(report, "%s: %s", from->how[i].name, from->how[i].how);
    }
    to->how_count = SLOW_PATH_INSTRUMENTS;
    fill_sizes(to, from);
}

void announce_every_call(double ns)
{
    complain("every call of malloc, free and realloc is watched and becomes %.0f ns longer: a "
             "program of 1 million calls a second takes %.1f times as long, of 10 million %.1f",
             ns, 1 + 1e-3 * ns, 1 + 1e-2 * ns);
}
