/* SPDX-License-Identifier: MIT */
#include "doctor_tier.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collect/allocator.h"
#include "collect/slow_path.h"
#include "sampling.h"

/* Nothing runs that could exceed it. */
#define BUDGET 1.0

static void ignore_sample(void *context, const struct time_sample *sample)
{
}

static void ignore_fault(void *context, const struct fault_sample *fault)
{
}

static void ignore_map(void *context, const struct mapping_record *mapping)
{
}

static void ignore_fork(void *context, pid_t parent, pid_t child)
{
}

static void ignore_exec(void *context, pid_t pid)
{
}

static void find_sampling(struct doctor_tier *tier, pid_t pid)
{
    static const struct sampler_sink sink = {NULL,       ignore_sample, ignore_fault,
                                             ignore_map, ignore_fork,   ignore_exec};
    struct sampling sampling = {0};
    const struct sampling_wish wish = {0};
    if (!sampling_open(&sampling, pid, &wish, &sink, tier->no_samples, sizeof tier->no_samples))
        return;
    tier->event = sampling.event.name;
    tier->frequency = (unsigned)sampling.event.attr.sample_freq;
    tier->processors = sampling.event.processors;
    tier->kernel = sampling.event.kernel;
    sampler_close(sampling.sampler);
}

static void find_slow_path(struct doctor_tier *tier, pid_t pid)
{
    struct allocator allocator;
    static struct slow_path_report unused;
    if (!allocator_find("hakmem", &allocator, tier->no_slow_path, sizeof tier->no_slow_path))
        return;
    struct slow_path *slow_path =
        slow_path_attach(allocator.library, pid, BUDGET, tier->no_slow_path);
    tier->slow_path = slow_path;
    if (!slow_path)
        return;
    tier->no_slow_path[0] = '\0';
    slow_path_finish(slow_path, &unused);
}

/* The process waits until the pipe is closed, by us or by our end. */
void doctor_tier_find(struct doctor_report *report)
{
    struct doctor_tier *tier = &report->tier;
    int wait[2];
    char byte;
    pid_t pid = pipe2(wait, O_CLOEXEC) == 0 ? fork() : -1;
    if (pid == 0) {
        close(wait[1]);
        while (read(wait[0], &byte, 1) < 0 && errno == EINTR)
            continue;
        _exit(0);
    }
    if (pid < 0) {
        snprintf(tier->no_samples, sizeof tier->no_samples, "no process: %s", strerror(errno));
        memcpy(tier->no_slow_path, tier->no_samples, sizeof tier->no_slow_path);
        return;
    }
    close(wait[0]);
    find_sampling(tier, pid);
    find_slow_path(tier, pid);
    kill(pid, SIGKILL); /* others may hold the pipe's end: the slow path's holders */
    close(wait[1]);
    waitpid(pid, NULL, 0);
}
