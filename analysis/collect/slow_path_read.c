/* SPDX-License-Identifier: MIT */
/* From the programs' counts to the report. */
#include <string.h>

#include "clock.h"
#include "slow_path_state.h"

_Static_assert((int)WATCHED_BUCKETS == SLOW_PATH_BUCKETS &&
                   (int)WATCHED_CLASSES == SLOW_PATH_CLASSES &&
                   (int)WATCHED_BY_CLASS == SLOW_PATH_BY_CLASS,
               "one shape");
_Static_assert((int)WATCHED_REFILL == SLOW_PATH_REFILL &&
                   (int)WATCHED_OVERFLOW == SLOW_PATH_OVERFLOW &&
                   (int)WATCHED_REMOTE_COLLECT == SLOW_PATH_REMOTE_COLLECT &&
                   (int)WATCHED_REMOTE_PUBLISH == SLOW_PATH_REMOTE_PUBLISH &&
                   (int)WATCHED_ARENA == SLOW_PATH_ARENA && (int)WATCHED_PURGE == SLOW_PATH_PURGE &&
                   (int)WATCHED_PAGE_FAULT == SLOW_PATH_PAGE_FAULT &&
                   (int)WATCHED_REMOTE_FOUND == SLOW_PATH_REMOTE_FOUND &&
                   (int)WATCHED_LOCK_WAIT == SLOW_PATH_LOCK_WAIT &&
                   (int)WATCHED_LOCK_OFF_CPU == SLOW_PATH_LOCK_OFF_CPU &&
                   (int)WATCHED_MALLOC == SLOW_PATH_MALLOC && (int)WATCHED_FREE == SLOW_PATH_FREE &&
                   (int)WATCHED_REALLOC == SLOW_PATH_REALLOC,
               "the same kinds in the same order");
_Static_assert((int)WATCHED_CALLS == SLOW_PATH_CALLS && (int)WATCHED_ORIGINS == SLOW_PATH_ORIGINS &&
                   (int)WATCHED_LOSSES == SLOW_PATH_LOSSES &&
                   WATCHED_SYSTEM_CALL + WATCHED_CALLS * WATCHED_ORIGINS <= WATCHED_KINDS,
               "the same calls, origins and losses");

uint64_t slow_path_hits(const struct slow_path *slow_path, int kind)
{
    uint64_t hits = 0;
    for (int slot = 0; slot < WATCHED_SLOTS; slot++)
        hits += slow_path->programs->bss->watched[slot][kind].hits;
    return hits;
}

static void read_kind(const struct slow_path *slow_path, int kind, int watcher,
                      struct slow_path_events *events)
{
    for (int slot = 0; slot < WATCHED_SLOTS; slot++) {
        const struct watched_events *watched = &slow_path->programs->bss->watched[slot][kind];
        events->count += watched->count;
        events->total += watched->total;
        events->bytes += watched->bytes;
        if (watched->max > events->max)
            events->max = watched->max;
        for (int bucket = 0; bucket < SLOW_PATH_BUCKETS; bucket++)
            events->histogram[bucket] += watched->histogram[bucket];
    }
    events->watched = slow_path->watch[watcher].watched;
    events->cut_short = slow_path->watch[watcher].cut_short;
}

/* A program that watches costs what its hits cost; `unwatched` is the CPU time without that. */
static void read_cost(const struct slow_path *slow_path, int kind, double unwatched,
                      struct slow_path_events *events)
{
    events->hits = slow_path_hits(slow_path, kind);
    events->cost_ns = slow_path->watch[kind].cost_ns;
    double cost = (double)events->hits * events->cost_ns;
    events->cost_fraction = unwatched > 0 ? cost / unwatched : 0;
}

static void read_classes(const struct slow_path *slow_path, struct slow_path_report *report)
{
    for (int slot = 0; slot < WATCHED_SLOTS; slot++) {
        for (int kind = 0; kind < SLOW_PATH_BY_CLASS; kind++) {
            for (int c = 0; c < SLOW_PATH_CLASSES; c++) {
                const struct watched_class *from =
                    &slow_path->programs->bss->classes[slot][kind][c];
                struct slow_path_class *to = &report->by_class[kind][c];
                to->count += from->count;
                to->total += from->total;
                if (from->max > to->max)
                    to->max = from->max;
            }
        }
    }
}

static bool is_timed(const struct slow_path *slow_path, int kind)
{
    switch (kind) {
    case SLOW_PATH_REMOTE_PUBLISH:
    case SLOW_PATH_REMOTE_FOUND:
    case SLOW_PATH_MALLOC:
    case SLOW_PATH_FREE:
    case SLOW_PATH_REALLOC:
        return false;
    case SLOW_PATH_PAGE_FAULT:
        return slow_path->faults_timed;
    default:
        return true;
    }
}

static void read_kinds(const struct slow_path *slow_path, double unwatched,
                       struct slow_path_report *report)
{
    for (int kind = 0; kind < SLOW_PATH_KINDS; kind++) {
        /* What a collect found comes with the collect. */
        int watcher = kind == SLOW_PATH_REMOTE_FOUND ? WATCHED_REMOTE_COLLECT : kind;
        read_kind(slow_path, kind, watcher, &report->kind[kind]);
        read_cost(slow_path, kind, unwatched, &report->kind[kind]);
        report->kind[kind].timed = is_timed(slow_path, kind);
    }
    for (int call = 0; call < SLOW_PATH_CALLS; call++) {
        int first = watched_call_kind(call);
        for (int origin = 0; origin < SLOW_PATH_ORIGINS; origin++) {
            read_kind(slow_path, first + origin, first, &report->call[call][origin]);
            report->call[call][origin].timed = true;
        }
        read_cost(slow_path, first, unwatched, &report->call[call][SLOW_PATH_OF_ARENA]);
    }
}

/* What the program would have used. A hit may have cost less than was measured, when the machine
 * was busier: of much watching that leaves nothing, and so a tenth is left at least. */
static double without_watching(double cpu, double cost)
{
    return cpu - cost > cpu / 10 ? cpu - cost : cpu / 10;
}

void slow_path_read(const struct slow_path *slow_path, struct slow_path_report *report)
{
    double cpu = slow_path_cpu_ns(slow_path), cost = 0;
    memset(report, 0, sizeof *report);
    report->seconds_watched = clock_seconds() - slow_path->attached_at;
    for (int kind = 0; kind < WATCHED_KINDS; kind++)
        cost += (double)slow_path_hits(slow_path, kind) * slow_path->watch[kind].cost_ns;
    double unwatched = without_watching(cpu, cost);
    report->cost_fraction = unwatched > 0 ? cost / unwatched : 0;
    report->every_call = slow_path->every_call;
    memcpy(report->how, slow_path->how, sizeof report->how);
    for (int loss = 0; loss < SLOW_PATH_LOSSES; loss++) {
        report->lost_by[loss] = slow_path->programs->bss->lost[loss];
        report->lost += report->lost_by[loss];
    }
    read_kinds(slow_path, unwatched, report);
    read_classes(slow_path, report);
    if (slow_path->every_call)
        slow_path_read_sizes(slow_path, report);
}
