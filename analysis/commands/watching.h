/* SPDX-License-Identifier: MIT */
/*
 * The instruments that commands look at a program with: samples and what they are attributed to,
 * slow-path events, counters, resident memory, and what all that costs. They are put on a process
 * that waits before its exec (run) or on one that runs (attach), read while it goes on, and fill a
 * report. Whatever can't be had is noted in the report.
 */
#ifndef ANALYSIS_WATCHING_H
#define ANALYSIS_WATCHING_H

#include "collect/allocator.h"
#include "collect/counted.h"
#include "collect/memory_series.h"
#include "collect/memory_watch.h"
#include "collect/overhead.h"
#include "collect/sampler.h"
#include "collect/slow_path.h"
#include "profile.h"
#include "report/model.h"
#include "watch_options.h"
#include "watcher_rights.h"
#include "watching_report.h"

struct watching {
    /* Set by the command, before the start. */
    const struct watch_options *options;
    const struct allocator *allocator;
    const char *mapped; /* what mappings of a running process call the library; NULL: as it is */
    struct profile_times *times; /* of samples, or NULL: not wanted */
    bool is_program; /* the allocator is linked into the program: its code can't be told */
    struct counted counted;

    struct attributor *attributor;
    bool has_code; /* it knows the allocator's code */
    struct profile profile;
    struct perf_choice event;
    struct overhead overhead;
    struct memory_watch memory;
    struct memory_series series;
    struct sampler *sampler; /* NULL: no samples */
    bool is_aggregated;      /* these are added up by an eBPF program */
    int library;             /* of a running process, opened for its probes; 0: none to be closed */
    struct slow_path *slow_path; /* NULL: not watched */
    struct sampler_totals sampled;
    bool has_samples; /* `sampled` is of a sampler that is closed now */
    unsigned ticks;
    double cpu_before;                        /* as of watching_own_cpu_seconds */
    double detach_s;                          /* that taking the instruments off took */
    struct slow_path_report slow_path_report; /* the report points into it */
    struct report report;
};

/* `pid` waits before its exec; it may be let go after. */
void watching_start(struct watching *watching, pid_t pid);

/* A process that runs, the first of the list, and its descendants are watched from now on. */
void watching_start_running(struct watching *watching, const pid_t *processes, size_t count);

/* All is attached: every right that is not needed any more goes (watcher_rights.h), which was
 * prepared before the start. What could not be given up is noted. False with errno. */
bool watching_drop_rights(struct watching *watching, struct watcher_rights *rights);

/* What stack samples for a page may cost, of the processor time. */
double watching_budget_of_callers(const struct watching *watching);

/* Of this process and the one that reads symbols. */
double watching_own_cpu_seconds(const struct watching *watching);

/* Reads what has come in. Answers in how many ms it wants to be called again. */
int watching_tick(struct watching *watching);

/* True every half second: the time for what need not be done at each tick. */
bool watching_is_time_to_tidy(const struct watching *watching);

/* The last samples: passed on in time for what else is read of the processes in the end. */
void watching_stop_sampling(struct watching *watching);

/* Takes the instruments off and says in `facts` what they found. Counters, totals and the command
 * are the caller's to add, before watching_report_fill. */
void watching_finish(struct watching *watching, struct watching_facts *facts);

void watching_close(struct watching *watching);

#endif
