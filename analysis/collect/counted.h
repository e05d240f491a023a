/* SPDX-License-Identifier: MIT */
/*
 * The processes whose counters can be read while they run, wherever these stand: in files of a
 * folder (counter_folder.h), or in the processes' own memory (live_counters.h).
 */
#ifndef ANALYSIS_COUNTED_H
#define ANALYSIS_COUNTED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "counter_layout.h"

struct counted {
    void *context;
    /* Calls `take` for processes that count and run; for the first few where there are very many.
     */
    void (*each_process)(void *context, void (*take)(void *taker, pid_t pid), void *taker);
    /* What the program that the process runs now has counted. False: nothing that can be believed.
     */
    bool (*read)(void *context, pid_t pid, struct hak_counter_header *header,
                 struct hak_counter_page *sum);
    /* Does the address lie in the range that libhakmem reserved in this process? */
    bool (*in_arena)(void *context, pid_t pid, uint64_t address);
    /* The process has a child; it executes another program. In the order in which they happened. */
    void (*forked)(void *context, pid_t parent, pid_t child);
    void (*executed)(void *context, pid_t pid);
};

#endif
