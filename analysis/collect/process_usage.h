/* SPDX-License-Identifier: MIT */
/*
 * What a process that runs and its descendants use while they are watched: processor time, context
 * switches, the most memory that one of them had. Read again and again; what a process used between
 * the last reading and its end is missing.
 */
#ifndef ANALYSIS_PROCESS_USAGE_H
#define ANALYSIS_PROCESS_USAGE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct used_process;

struct process_usage {
    struct used_process *processes;
    size_t count, capacity;
    double user_s, system_s; /* of processes that ended, and of all when it is finished */
    uint64_t switches;       /* likewise */
    uint64_t faults;         /* of pages; likewise */
    uint64_t max_resident;   /* bytes */
};

/* A process that runs: what it used so far is left out. */
void process_usage_add(struct process_usage *usage, pid_t pid);
/* A process that has just begun: all of it counts. */
void process_usage_add_new(struct process_usage *usage, pid_t pid);

/* To be called every 20 to 100 ms. */
void process_usage_tick(struct process_usage *usage);

/* Reads for the last time and adds everything up. */
void process_usage_finish(struct process_usage *usage);

#endif
