/* SPDX-License-Identifier: MIT */
/*
 * The private folder in which the command and its descendants leave their counter files. Files of
 * processes that ended are added up and removed while the command still runs, so that a build with
 * thousands of compilers does not fill the memory the folder stands in.
 */
#ifndef ANALYSIS_COUNTER_FOLDER_H
#define ANALYSIS_COUNTER_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "counted.h"
#include "counters.h"

/* The range that a process reserved for its blocks. */
struct arena_range {
    pid_t pid;
    uint64_t base, bytes;
};

struct counter_folder {
    char path[PATH_MAX];
    int descriptor;
    struct counters counters;
    struct arena_range *arenas;
    size_t arena_count, arena_capacity;
};

/* Makes it, readable by its owner alone. -1 with errno. */
int counter_folder_create(struct counter_folder *folder);

/* Adds up and removes the files of processes that ended, if there are many. */
void counter_folder_tidy(struct counter_folder *folder);

/* Its processes, for those who read counters while they run. */
struct counted counter_folder_counted(struct counter_folder *folder);

/* Adds up what is there, and removes it all. `folder->counters` stays. */
void counter_folder_remove(struct counter_folder *folder);

/* Does the address lie in the range that libhakmem reserved in this process? */
bool counter_folder_in_arena(struct counter_folder *folder, pid_t pid, uint64_t address);

void counter_folder_finish(struct counter_folder *folder);

#endif
