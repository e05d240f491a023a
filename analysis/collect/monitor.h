/* SPDX-License-Identifier: MIT */
/*
 * What this process may do no more, a small one of its own still does: the monitor is forked before
 * the capabilities go, and only where this process has some itself. It does a handful of things and
 * parses nothing: opens the memory, the mappings and the page tables of processes not older than
 * the watched one, and counter files; passes signals to a command of ours; puts the output files in
 * their places.
 *
 * Every function first tries by itself and asks the monitor where that is not permitted, so they
 * are to be used whether there is a monitor or not.
 */
#ifndef ANALYSIS_MONITOR_H
#define ANALYSIS_MONITOR_H

#include <stdbool.h>
#include <sys/types.h>

enum { MONITOR_OUTPUTS = 8 };

struct monitor_task {
    pid_t watched;           /* 0: it has ended */
    bool is_ours;            /* it is our command: signals may be passed on to it */
    int folder;              /* of the counters; -1: there is none */
    const char *folder_path; /* to be removed in the end */
    struct {
        const char *temporary, *target; /* NULL or "": none */
    } outputs[MONITOR_OUTPUTS];
};

/* Forks. -1 with errno; nothing happens where this process has no capabilities. */
int monitor_start(const struct monitor_task *task);
void monitor_end(void);

/* /proc/PID/NAME for reading: maps, mem, pagemap, smaps. -1 with errno. */
int monitor_open_process(pid_t pid, const char *name);

/* A file `NAME.counters` of the folder, for reading; neither a link nor a pipe leads or holds us.
 * -1 with errno. */
int monitor_open_counters(int folder, const char *name);

/* To the command. */
int monitor_signal(pid_t command, int signal);

/* As rename(2), unlink(2) of an output, rmdir(2) of the folder. */
int monitor_rename(const char *temporary, const char *target);
int monitor_unlink(const char *temporary);
int monitor_rmdir(const char *folder_path);

#endif
