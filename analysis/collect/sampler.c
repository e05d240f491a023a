/* SPDX-License-Identifier: MIT */
#include "sampler.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "sampler_state.h"
#include "stack_sample.h"

/* Readings may follow each other at once; turns of the maps may not. */
enum { LEAST_APART_NS = 1000000 };

/* ENODEV: a processor that is not online. */
static int open_all(struct sampler *sampler, size_t cpus, pid_t pid)
{
    for (size_t cpu = 0; cpu < cpus; cpu++) {
        struct processor_events *processor = &sampler->processors[sampler->processor_count];
        if (processor_events_open(processor, &sampler->choice, sampler->aggregate, pid, (int)cpu))
            sampler->processor_count++;
        else if (errno != ENODEV)
            return errno;
    }
    return sampler->processor_count ? 0 : ENODEV;
}

int sampler_create(struct sampler **created, pid_t pid, const struct perf_choice *choice,
                   struct aggregate *aggregate, const struct sampler_sink *sink)
{
    long cpus = sysconf(_SC_NPROCESSORS_CONF);
    size_t count = cpus > 0 ? (size_t)cpus : 1;
    struct sampler *sampler = calloc(1, sizeof *sampler + count * sizeof sampler->processors[0]);
    *created = sampler;
    if (!sampler) {
        aggregate_unload(aggregate);
        return ENOMEM;
    }
    sampler->choice = *choice;
    sampler->aggregate = aggregate;
    sampler->totals.aggregated = aggregate;
    sampler->sink = *sink;
    return open_all(sampler, count, pid);
}

struct sampler *sampler_refuse(struct sampler *sampler, int error, char *why, size_t why_bytes)
{
    snprintf(why, why_bytes, "no ring buffer for samples: %s%s", strerror(error),
             error == EPERM || error == ENOMEM ? " (raise kernel.perf_event_mlock_kb)" : "");
    sampler_close(sampler);
    return NULL;
}

struct sampler *sampler_open(pid_t pid, const struct perf_choice *choice,
                             struct aggregate *aggregate, const struct sampler_sink *sink,
                             char *why, size_t why_bytes)
{
    struct sampler *sampler;
    int error = sampler_create(&sampler, pid, choice, aggregate, sink);
    if (error == 0 && choice->processors && !sampler_follow(sampler, pid))
        error = ENOMEM;
    return error ? sampler_refuse(sampler, error, why, why_bytes) : sampler;
}

void sampler_close(struct sampler *sampler)
{
    if (!sampler)
        return;
    for (size_t i = 0; i < sampler->processor_count; i++)
        processor_events_close(&sampler->processors[i]);
    thread_events_close(sampler->threads);
    aggregate_unload(sampler->aggregate);
    held_finish(&sampler->held);
    pending_finish(&sampler->pending);
    followed_finish(&sampler->followed);
    free(sampler);
}

bool sampler_follow(struct sampler *sampler, pid_t pid)
{
    bool is_new = !followed_has(&sampler->followed, pid);
    if (is_new && sampler->aggregate && !aggregate_watch(sampler->aggregate, pid))
        return false;
    return followed_add(&sampler->followed, pid);
}

void sampler_start(struct sampler *sampler)
{
    if (!sampler->choice.processors && !sampler->is_running)
        return; /* the kernel starts them at the exec */
    for (size_t i = 0; i < sampler->processor_count; i++)
        processor_events_switch(&sampler->processors[i], PERF_EVENT_IOC_ENABLE);
}

static bool is_ours(const struct sampler *sampler, pid_t pid)
{
    return !sampler->choice.processors || followed_has(&sampler->followed, pid);
}

/* By the clock's own: where several watchers sample page faults at once, Linux 6.18 gives the
 * record of each the identifier of one of them. */
static bool is_fault(const struct sampler *sampler, uint64_t identifier)
{
    for (size_t i = 0; i < sampler->processor_count; i++) {
        if (sampler->processors[i].clock_identifier == identifier)
            return false;
    }
    return !thread_events_has_clock(sampler->threads, identifier);
}

static void pass_time_sample(void *context, const struct time_sample *sample)
{
    struct sampler *sampler = context;
    sampler->totals.samples += sample->count;
    sampler->sink.sample(sampler->sink.context, sample);
}

static void pass_sample(struct sampler *sampler, const struct perf_event_header *header)
{
    struct time_sample sample;
    struct stack_copy stack;
    struct fault_sample fault;
    if (is_fault(sampler, record_identifier(header))) {
        if (record_fault_sample(header, &fault) && is_ours(sampler, fault.pid)) {
            sampler->totals.faults++;
            sampler->sink.fault(sampler->sink.context, &fault);
        }
    } else if ((sampler->choice.stacks
                    ? stack_sample_read(header, &sample, &stack)
                    : record_time_sample(header, sampler->choice.kernel, &sample)) &&
               is_ours(sampler, sample.pid)) {
        pass_time_sample(sampler, &sample);
    }
}

static void pass_fork(struct sampler *sampler, const struct perf_event_header *header)
{
    struct task_record task;
    if (!record_task(header, &task) || !is_ours(sampler, task.parent))
        return;
    if (sampler->choice.processors && !followed_add(&sampler->followed, task.pid))
        sampler->totals.lost++;
    if (task.pid != task.parent)
        sampler->sink.fork(sampler->sink.context, task.parent, task.pid);
}

/* What was held of the image before finds its mappings for the last time. */
static void pass_exec(struct sampler *sampler, const struct perf_event_header *header)
{
    pid_t pid;
    if (!record_exec(header, &pid) || !is_ours(sampler, pid))
        return;
    held_pass(&sampler->held, pid, record_time(header), pass_time_sample, sampler);
    sampler->sink.exec(sampler->sink.context, pid);
}

static void pass(void *context, const struct perf_event_header *header)
{
    struct sampler *sampler = context;
    struct mapping_record mapping;
    struct task_record task;
    switch (header->type) {
    case PERF_RECORD_SAMPLE:
        pass_sample(sampler, header);
        break;
    case PERF_RECORD_MMAP2:
        if (record_mapping(header, &mapping) && is_ours(sampler, mapping.pid))
            sampler->sink.map(sampler->sink.context, &mapping);
        break;
    case PERF_RECORD_FORK:
        pass_fork(sampler, header);
        break;
    case PERF_RECORD_EXIT:
        if (sampler->choice.processors && record_task(header, &task))
            followed_remove(&sampler->followed, task.pid);
        break;
    case PERF_RECORD_COMM:
        pass_exec(sampler, header);
        break;
    default:
        break;
    }
}

static void take(void *context, const struct perf_event_header *header)
{
    struct sampler *sampler = context;
    if (header->type == PERF_RECORD_THROTTLE)
        sampler->totals.throttled++;
    else if (header->type == PERF_RECORD_LOST || header->type == PERF_RECORD_LOST_SAMPLES)
        sampler->totals.lost += record_lost(header);
    else if (!pending_add(&sampler->pending, header, record_time(header)))
        sampler->totals.lost++;
}

static void hold(void *context, const struct time_sample *sample, uint64_t began)
{
    struct sampler *sampler = context;
    if (held_add(&sampler->held, sample, began))
        sampler->drained += sample->count;
}

static void empty_rings(struct sampler *sampler)
{
    for (size_t i = 0; i < sampler->processor_count; i++)
        ring_drain(&sampler->processors[i].ring, take, sampler);
}

static void pass_until(struct sampler *sampler, uint64_t time)
{
    pending_pass(&sampler->pending, time, pass, sampler);
    held_pass(&sampler->held, 0, time, pass_time_sample, sampler);
}

/* What is older than the reading before this one can't be overtaken: every ring has been emptied
 * since. The samples drained now are from before that reading. */
void sampler_read(struct sampler *sampler)
{
    uint64_t now = clock_ns(CLOCK_MONOTONIC); /* records tell the time by it */
    if (sampler->aggregate && now - sampler->previous > LEAST_APART_NS) {
        aggregate_drain(sampler->aggregate, hold, sampler);
        aggregate_turn(sampler->aggregate);
    }
    empty_rings(sampler);
    pass_until(sampler, sampler->previous);
    sampler->previous = now;
}

/* When an event has been disabled, no program of it is at work any more. */
static void stop(struct sampler *sampler)
{
    for (size_t i = 0; i < sampler->processor_count; i++)
        processor_events_switch(&sampler->processors[i], PERF_EVENT_IOC_DISABLE);
    for (int map = 0; map < 2; map++) {
        aggregate_drain(sampler->aggregate, hold, sampler);
        aggregate_turn(sampler->aggregate);
    }
    struct aggregate_totals totals = aggregate_totals(sampler->aggregate);
    sampler->totals.lost += totals.taken - sampler->drained + totals.unwatched;
}

void sampler_finish(struct sampler *sampler, struct sampler_totals *totals)
{
    if (sampler->aggregate)
        stop(sampler);
    empty_rings(sampler);
    pass_until(sampler, UINT64_MAX);
    *totals = sampler->totals;
}
