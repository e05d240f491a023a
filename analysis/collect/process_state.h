/* SPDX-License-Identifier: MIT */
/* What /proc/PID/stat tells of a process. */
#ifndef ANALYSIS_PROCESS_STATE_H
#define ANALYSIS_PROCESS_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process_state {
    char state; /* 'R', 'S', 'D', 'T', 'Z', 'X'...: proc(5) */
    bool is_kernel_thread;
    pid_t parent;
    double user_s, system_s; /* processor time of all its threads, those that ended included */
    uint64_t minor_faults, major_faults; /* of the same */
    unsigned threads;
    uint64_t resident; /* bytes */
    uint64_t started;  /* clock ticks after the machine: tells it from another of its number */
};

/* False: there is no such process. */
bool process_state_read(pid_t pid, struct process_state *state);

/* The same of the file's text. False: it is none. */
bool process_state_parse(const char *text, struct process_state *state);

enum { PROCESS_NAME = 64 };

/* The process's name, of /proc/PID/comm: any bytes, which the process itself may have set. "" where
 * there is no such process. */
void process_state_name(pid_t pid, char name[PROCESS_NAME]);

#endif
