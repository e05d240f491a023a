/* SPDX-License-Identifier: MIT */
/* The processes that run, each with its allocator, looked at again and again. */
#ifndef ANALYSIS_TOP_PROCESSES_H
#define ANALYSIS_TOP_PROCESSES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "collect/process_state.h"
#include "report/top_list.h"

/* What was found out of a process stays until it executes another program: its allocator is looked
 * for once. */
struct top_known_process {
    pid_t pid;
    uint64_t started;        /* as process_state */
    char name[PROCESS_NAME]; /* changes when it executes another program */
    double cpu_s, at_s;
    struct top_process process;
    bool is_hidden;
};

struct top_processes {
    struct top_known_process known[4 * TOP_LIST_MAX];
    size_t count;
};

/* Fills the list, sorted; without this process. Processor time from the second time on. */
void top_processes_look(struct top_processes *processes, struct top_list *list);

#endif
