/* SPDX-License-Identifier: MIT */
/*
 * Watching is paid for by the program: each hit of a probe costs it a trap. What one hit costs is
 * measured at the start; hits are counted; when they have cost more than the budget and go on doing
 * so, the kind that costs most is detached. What was asked for by itself stays, and is not counted.
 */
#include "slow_path_state.h"

/* CPU time for which watching may exceed its share when a program starts, as all programs begin
 * with refills: a budget of 1 % lets it spend 1 ms at once. */
static const double head_start_ns = 100e6;

static bool is_attached(const struct watch *watch)
{
    return !watch->stays && (watch->begin.link || watch->end.link);
}

static void cut_short(struct slow_path *slow_path, int kind)
{
    struct watch *watch = &slow_path->watch[kind];
    probe_detach(&watch->begin);
    probe_detach(&watch->end);
    watch->cut_short = true;
    /* Nobody is known to wait any more. */
    if (kind == WATCHED_LOCK_WAIT && is_attached(&slow_path->watch[WATCHED_LOCK_OFF_CPU]))
        cut_short(slow_path, WATCHED_LOCK_OFF_CPU);
}

/* Detaches what costs most, until what the attached kinds cost is at most `allowed` ns. */
static void detach_costliest(struct slow_path *slow_path, const double *costs, double allowed)
{
    for (;;) {
        double sum = 0;
        int most = -1;
        for (int kind = 0; kind < WATCHED_KINDS; kind++) {
            if (!is_attached(&slow_path->watch[kind]))
                continue;
            sum += costs[kind];
            if (most < 0 || costs[kind] > costs[most])
                most = kind;
        }
        if (most < 0 || sum <= allowed)
            return;
        cut_short(slow_path, most);
    }
}

/* What has cost less than this part of all that is allowed stays: so much of every kind together is
 * allowed, and kinds that go at the same time wait for each other in the kernel. */
static const double trifle = 1.0 / WATCHED_KINDS;

/* Over the budget, what costs too much at this moment goes. Twice over it, whatever has cost most
 * goes: a program that works in bursts is quiet at most ticks. */
void slow_path_tick(struct slow_path *slow_path)
{
    double cpu = slow_path_cpu_ns(slow_path), recent[WATCHED_KINDS], total[WATCHED_KINDS], sum = 0;
    double allowed = slow_path->budget * (cpu + head_start_ns);
    for (int kind = 0; kind < WATCHED_KINDS; kind++) {
        struct watch *watch = &slow_path->watch[kind];
        uint64_t hits = watch->stays ? 0 : slow_path_hits(slow_path, kind);
        recent[kind] = (double)(hits - watch->hits_before) * watch->cost_ns;
        total[kind] = (double)hits * watch->cost_ns;
        sum += total[kind];
        if (total[kind] < trifle * allowed)
            recent[kind] = 0;
        watch->hits_before = hits;
    }
    if (sum > allowed)
        detach_costliest(slow_path, recent, slow_path->budget * (cpu - slow_path->cpu_before));
    if (sum > 2 * allowed)
        detach_costliest(slow_path, total, allowed);
    slow_path->cpu_before = cpu;
}
