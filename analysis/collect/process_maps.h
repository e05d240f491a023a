/* SPDX-License-Identifier: MIT */
/* What a process has mapped, from /proc/PID/maps. */
#ifndef ANALYSIS_PROCESS_MAPS_H
#define ANALYSIS_PROCESS_MAPS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process_mapping {
    uint64_t start, end, offset;
    uint64_t inode; /* 0: of no file */
    bool executable;
    const char *path; /* as the process would name it, as perf's records do; "" where none */
};

/* Calls `take` for each, in the order of addresses, until it answers false. -1 with errno: EACCES
 * where the process is somebody else's, ENOENT or ESRCH where it is gone. */
int process_maps_each(pid_t pid, bool (*take)(void *context, const struct process_mapping *mapping),
                      void *context);

#endif
