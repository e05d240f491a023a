/* SPDX-License-Identifier: MIT */
#include "sampler.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "followed.h"
#include "pending.h"
#include "process_maps.h"
#include "process_tree.h"
#include "ring.h"
#include "thread_events.h"

enum { RING_PAGES = 64, PROCESSES_MAX = 4096 };

struct processor {
    int number;
    int clock, faults; /* descriptors, -1 where not open */
    uint64_t clock_identifier, faults_identifier;
    struct ring ring;
};

struct sampler {
    struct perf_choice choice;
    bool is_running; /* the process ran already: nothing waits for an exec */
    struct sampler_sink sink;
    struct sampler_totals totals;
    struct pending pending;
    struct followed followed; /* where processors are watched */
    struct thread_events
        *threads;      /* of a process that ran already, where they are not; else NULL */
    uint64_t newest;   /* time of the newest record seen */
    uint64_t previous; /* what `newest` was one reading ago */
    size_t processor_count;
    struct processor processors[];
};

/* An inherited event may have a ring only when it is bound to a processor: so one for each. */
static bool open_processor(struct sampler *sampler, struct processor *processor, pid_t pid, int cpu)
{
    if (sampler->choice.processors)
        pid = -1;
    processor->clock = perf_event_open_on(&sampler->choice.attr, pid, cpu);
    if (processor->clock < 0)
        return false;
    ioctl(processor->clock, PERF_EVENT_IOC_ID, &processor->clock_identifier);
    if (!ring_map(&processor->ring, processor->clock, RING_PAGES))
        return false;

    struct perf_event_attr attr;
    perf_event_page_faults(&attr, &sampler->choice);
    attr.enable_on_exec = sampler->choice.attr.enable_on_exec;
    processor->faults = perf_event_open_on(&attr, pid, cpu);
    if (processor->faults < 0)
        return true;
    if (ioctl(processor->faults, PERF_EVENT_IOC_SET_OUTPUT, processor->clock) != 0) {
        close(processor->faults);
        processor->faults = -1;
        return true;
    }
    ioctl(processor->faults, PERF_EVENT_IOC_ID, &processor->faults_identifier);
    return true;
}

static void close_processor(struct processor *processor)
{
    ring_unmap(&processor->ring);
    if (processor->faults >= 0)
        close(processor->faults);
    if (processor->clock >= 0)
        close(processor->clock);
}

/* 0, or an error; ENODEV: a processor that is not online. */
static int open_all(struct sampler *sampler, size_t cpus, pid_t pid)
{
    for (size_t cpu = 0; cpu < cpus; cpu++) {
        struct processor *processor = &sampler->processors[sampler->processor_count];
        *processor = (struct processor){.number = (int)cpu, .clock = -1, .faults = -1};
        if (open_processor(sampler, processor, pid, (int)cpu)) {
            sampler->processor_count++;
            continue;
        }
        int error = errno;
        close_processor(processor);
        if (error != ENODEV)
            return error;
    }
    return sampler->processor_count ? 0 : ENODEV;
}

static struct sampler *create(const struct perf_choice *choice, const struct sampler_sink *sink,
                              size_t cpus)
{
    struct sampler *sampler = calloc(1, sizeof *sampler + cpus * sizeof sampler->processors[0]);
    if (!sampler)
        return NULL;
    sampler->choice = *choice;
    sampler->sink = *sink;
    return sampler;
}

static size_t configured_processors(void)
{
    long cpus = sysconf(_SC_NPROCESSORS_CONF);
    return cpus > 0 ? (size_t)cpus : 1;
}

static struct sampler *refuse(struct sampler *sampler, int error, char *why, size_t why_bytes)
{
    snprintf(why, why_bytes, "no ring buffer for samples: %s%s", strerror(error),
             error == EPERM || error == ENOMEM ? " (raise kernel.perf_event_mlock_kb)" : "");
    sampler_close(sampler);
    return NULL;
}

struct sampler *sampler_open(pid_t pid, const struct perf_choice *choice,
                             const struct sampler_sink *sink, char *why, size_t why_bytes)
{
    size_t cpus = configured_processors();
    struct sampler *sampler = create(choice, sink, cpus);
    int error = sampler ? open_all(sampler, cpus, pid) : ENOMEM;
    if (error == 0 && (!choice->processors || followed_add(&sampler->followed, pid)))
        return sampler;
    return refuse(sampler, error, why, why_bytes);
}

static void follow_thread(void *context, pid_t pid, pid_t tid)
{
    struct sampler *sampler = context;
    if (!followed_add(&sampler->followed, pid))
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
                                     const struct sampler_sink *sink, char *why, size_t why_bytes)
{
    static pid_t processes[PROCESSES_MAX];
    size_t cpus = configured_processors(), count;
    struct sampler *sampler = create(choice, sink, cpus);
    if (sampler) {
        sampler->is_running = true;
        sampler->choice.attr.enable_on_exec = 0;
    }
    int error = sampler ? open_all(sampler, cpus, pid) : ENOMEM;
    if (error)
        return refuse(sampler, error, why, why_bytes);
    sampler_start(sampler);
    count = process_tree_list(pid, processes, PROCESSES_MAX);
    if (!choice->processors)
        error = open_threads(sampler, pid, processes, count);
    if (error)
        return refuse(sampler, error, why, why_bytes);
    catch_up(sampler, processes, count);
    return sampler;
}

void sampler_close(struct sampler *sampler)
{
    if (!sampler)
        return;
    for (size_t i = 0; i < sampler->processor_count; i++)
        close_processor(&sampler->processors[i]);
    thread_events_close(sampler->threads);
    pending_finish(&sampler->pending);
    followed_finish(&sampler->followed);
    free(sampler);
}

void sampler_start(struct sampler *sampler)
{
    if (!sampler->choice.processors && !sampler->is_running)
        return; /* the kernel starts them at the exec */
    for (size_t i = 0; i < sampler->processor_count; i++) {
        ioctl(sampler->processors[i].clock, PERF_EVENT_IOC_ENABLE, 0);
        if (sampler->processors[i].faults >= 0)
            ioctl(sampler->processors[i].faults, PERF_EVENT_IOC_ENABLE, 0);
    }
}

static bool is_ours(const struct sampler *sampler, pid_t pid)
{
    return !sampler->choice.processors || followed_has(&sampler->followed, pid);
}

static bool is_fault(const struct sampler *sampler, uint64_t identifier)
{
    for (size_t i = 0; i < sampler->processor_count; i++) {
        if (sampler->processors[i].faults_identifier == identifier)
            return sampler->processors[i].faults >= 0;
    }
    return thread_events_has_faults(sampler->threads, identifier);
}

static void pass_sample(struct sampler *sampler, const struct perf_event_header *header)
{
    struct time_sample sample;
    struct fault_sample fault;
    if (is_fault(sampler, record_identifier(header))) {
        if (record_fault_sample(header, &fault) && is_ours(sampler, fault.pid)) {
            sampler->totals.faults++;
            sampler->sink.fault(sampler->sink.context, &fault);
        }
    } else if (record_time_sample(header, sampler->choice.kernel, &sample) &&
               is_ours(sampler, sample.pid)) {
        sampler->totals.samples++;
        sampler->sink.sample(sampler->sink.context, &sample);
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

static void pass(void *context, const struct perf_event_header *header)
{
    struct sampler *sampler = context;
    struct mapping_record mapping;
    struct task_record task;
    pid_t pid;
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
        if (record_exec(header, &pid) && is_ours(sampler, pid))
            sampler->sink.exec(sampler->sink.context, pid);
        break;
    default:
        break;
    }
}

static void take(void *context, const struct perf_event_header *header)
{
    struct sampler *sampler = context;
    uint64_t time = record_time(header);
    if (time > sampler->newest)
        sampler->newest = time;
    if (header->type == PERF_RECORD_THROTTLE)
        sampler->totals.throttled++;
    else if (header->type == PERF_RECORD_LOST || header->type == PERF_RECORD_LOST_SAMPLES)
        sampler->totals.lost += record_lost(header);
    else if (!pending_add(&sampler->pending, header, time))
        sampler->totals.lost++;
}

/* What is older than the newest record of the reading before this one can't be overtaken: every
 * ring has been emptied since. */
void sampler_read(struct sampler *sampler)
{
    for (size_t i = 0; i < sampler->processor_count; i++)
        ring_drain(&sampler->processors[i].ring, take, sampler);
    pending_pass(&sampler->pending, sampler->previous, pass, sampler);
    sampler->previous = sampler->newest;
}

void sampler_finish(struct sampler *sampler, struct sampler_totals *totals)
{
    sampler_read(sampler);
    pending_pass(&sampler->pending, UINT64_MAX, pass, sampler);
    *totals = sampler->totals;
}
