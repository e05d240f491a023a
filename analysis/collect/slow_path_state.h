/* SPDX-License-Identifier: MIT */
/* What the parts of slow_path share. */
#ifndef ANALYSIS_SLOW_PATH_STATE_H
#define ANALYSIS_SLOW_PATH_STATE_H

#include <linux/types.h>

#include "slow_path.h"
#include "slow_path_explain.h"
#include "slow_path_layout.h"
#include "slow_path_probe.h"
#include SLOW_PATH_SKELETON /* needs the layout */

struct watch {
    struct probe begin, end; /* without a link where the kind has one probe, or none is attached */
    double cost_ns;          /* of one hit */
    uint64_t hits_before;    /* at the last tick */
    bool watched, cut_short;
    bool stays; /* whatever it costs */
};

struct slow_path {
    struct slow_path_programs *programs;
    struct bpf_link *fork, *exec, *exit, *lock_exit, *reserve;
    struct watch watch[WATCHED_KINDS]; /* of a system call at its first origin */
    struct slow_path_how how[SLOW_PATH_INSTRUMENTS];
    bool faults_timed, every_call;
    char *library;
    double budget;
    double hit_ns;
    double cpu_at_attach; /* ns that watched processes had used before they were watched */
    double cpu_before;    /* ns, at the last tick */
    double attached_at;   /* seconds, monotonic */
};

/* slow_path_load: NULL, and why, on failure. */
struct slow_path_programs *slow_path_load(char why[SLOW_PATH_WHY]);

/* For tests of what happens where a kernel offers less: HAKMEM_TRACE_LACKING is a list of what to
 * do without (`fexit`, `tracepoints`, `sched_switch`). */
bool slow_path_lacks(const char *feature);

/* slow_path_processes: beside slow_path_watch and slow_path_arena. */
int slow_path_attach_processes(struct slow_path *slow_path); /* 0, or an errno value */
double slow_path_cpu_ns(const struct slow_path *slow_path);  /* of the watched, ended ones too */

/* This process, to learn what watching costs; with everything in its arena, or nothing. */
int slow_path_watch_self(struct slow_path *slow_path, bool with_arena); /* 0, or an errno value */
void slow_path_unwatch_self(struct slow_path *slow_path);

/* slow_path_memory: page faults and system calls, with what the kernel has for that; it may have
 * nothing. This process must be among the watched ones. */
void slow_path_attach_faults(struct slow_path *slow_path);
void slow_path_attach_calls(struct slow_path *slow_path);

/* slow_path_lock: waits for locks; 0 also where the library has no such probes. */
int slow_path_attach_locks(struct slow_path *slow_path);

/* slow_path_calls. */
void slow_path_read_sizes(const struct slow_path *slow_path, struct slow_path_report *report);

/* slow_path_read. */
uint64_t slow_path_hits(const struct slow_path *slow_path, int kind);

void slow_path_how(struct slow_path *slow_path, enum slow_path_instrument instrument, bool best,
                   const char *how);

static inline int watched_call_kind(int call)
{
    return WATCHED_SYSTEM_CALL + call * WATCHED_ORIGINS;
}

#endif
