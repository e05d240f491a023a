/* SPDX-License-Identifier: MIT */
/*
 * Runs a command once, again and again: its input is empty, its output is captured, it leads a
 * process group of its own. Signals for this program are taken while it waits, and end the command.
 */
#ifndef ANALYSIS_COMPARE_PROCESS_H
#define ANALYSIS_COMPARE_PROCESS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>

/* Padding: what a command's environment is made larger by at random, since where the stack begins
 * can shift a result. */
enum {
    COMPARE_TAIL_BYTES = 4096,
    COMPARE_OUTPUT_BYTES = 1 << 20,
    COMPARE_PADDING_BYTES = 4096,
};

/* The last bytes of what was written. */
struct compare_capture {
    char *bytes; /* `capacity` and an end mark */
    size_t used, capacity;
};

struct compare_process {
    char **environment;            /* room for this program's own and two entries more */
    int core;                      /* -1: any */
    int signals;                   /* signalfd */
    sigset_t mask;                 /* before this program blocked what it watches */
    int taken;                     /* the signal that ended the comparison; 0: none */
    double patience_s;             /* that a command has to end in when a signal asks it to */
    struct compare_capture output; /* standard output */
    struct compare_capture tail;   /* standard output and standard error */
    void (*tick)(void *context);   /* about once a second while the command runs */
    void *context;
};

struct compare_end {
    int exec_error; /* errno of an exec that failed; else all below is known */
    int status;     /* as of wait(2) */
    struct rusage usage;
    double seconds; /* from its exec to its end */
};

/* -1 with errno. */
int compare_process_start(struct compare_process *process, int core);
void compare_process_finish(struct compare_process *process);

/* `preload` is the value of LD_PRELOAD, or NULL: as it is. -1 with errno when none could be
 * started. */
int compare_process_run(struct compare_process *process, char *const *command, const char *preload,
                        size_t padding, struct compare_end *end);

#endif
