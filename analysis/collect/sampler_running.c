/* SPDX-License-Identifier: MIT */
/* Samplers of processes that run already. */
#include <errno.h>
#include <stdlib.h>

#include "process_maps.h"
#include "process_tree.h"
#include "sampler_state.h"

enum { PROCESSES_MAX = 4096 };

static void follow_thread(void *context, pid_t pid, pid_t tid)
{
    struct sampler *sampler = context;
    if (!sampler_follow(sampler, pid))
        sampler->totals.lost++;
}

struct mapped {
    struct sampler *sampler;
    pid_t pid;
};

static bool pass_mapping(void *context, const struct process_mapping *mapping)
{
    const struct mapped *mapped = context;
    const struct sampler_sink *sink = &mapped->sampler->sink;
    struct mapping_record record = {mapped->pid, mapping->start, mapping->end - mapping->start,
                                    mapping->offset, mapping->path};
    if (mapping->executable)
        sink->map(sink->context, &record);
    return true;
}

/* What records would have told, had we been there. Records of what happens meanwhile wait in the
 * rings, so nothing is missed in between; what is told twice does no harm. */
static void catch_up(struct sampler *sampler, const pid_t *processes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct mapped mapped = {sampler, processes[i]};
        if (sampler->choice.processors)
            process_tree_each_thread(processes[i], follow_thread, sampler);
        process_maps_each(processes[i], pass_mapping, &mapped);
    }
}

/* The first thread of `pid` has the events with the rings. */
static int open_threads(struct sampler *sampler, pid_t pid, const pid_t *processes, size_t count)
{
    size_t ring_count = sampler->processor_count;
    struct thread_ring *rings = calloc(ring_count, sizeof *rings);
    if (!rings)
        return ENOMEM;
    for (size_t i = 0; i < ring_count; i++)
        rings[i] =
            (struct thread_ring){sampler->processors[i].number, sampler->processors[i].clock};
    sampler->threads =
        thread_events_open(&sampler->choice, rings, ring_count, processes, count, pid);
    int error = sampler->threads ? 0 : errno;
    free(rings);
    return error;
}

struct sampler *sampler_open_running(pid_t pid, const struct perf_choice *choice,
                                     struct aggregate *aggregate, const struct sampler_sink *sink,
                                     char *why, size_t why_bytes)
{
    static pid_t processes[PROCESSES_MAX];
    struct perf_choice at_once = *choice;
    struct sampler *sampler;
    at_once.attr.enable_on_exec = 0;
    int error = sampler_create(&sampler, pid, &at_once, aggregate, sink);
    if (error)
        return sampler_refuse(sampler, error, why, why_bytes);
    sampler->is_running = true;
    sampler_start(sampler);
    size_t count = process_tree_list(pid, processes, PROCESSES_MAX);
    if (!choice->processors)
        error = open_threads(sampler, pid, processes, count);
    if (error)
        return sampler_refuse(sampler, error, why, why_bytes);
    catch_up(sampler, processes, count);
    return sampler;
}
