/* SPDX-License-Identifier: MIT */
/*
 * Starts a command so that instruments can be attached before its first instruction, and waits for
 * its end. The command keeps its own input, output, signal mask and dispositions.
 */
#ifndef ANALYSIS_LAUNCH_H
#define ANALYSIS_LAUNCH_H

#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

struct launch {
    pid_t pid;
    int go;       /* pipe: a byte lets the command execute */
    int refused;  /* pipe: errno of an exec that failed; closed by one that did not */
    int signals;  /* signalfd */
    int taken;    /* the last signal that asked this process to end; 0: none */
    double start; /* when the command was let go */
    sigset_t mask_before;
    struct sigaction child_before;
};

struct launch_end {
    int status; /* as of wait(2) */
    struct rusage usage;
    double seconds; /* from its exec to its end */
};

/* Forks; the child waits for launch_go. -1 with errno. */
int launch_prepare(struct launch *launch, char *const *arguments, char *const *environment);

/* Lets the command execute. Returns 0, or the errno of its exec; then the child has ended. */
int launch_go(struct launch *launch);

/* Waits for the command's end and calls `tick`, which answers in how many ms it wants to be called
 * again. Signals sent to this process
 * are passed on; those of the terminal reach the command by themselves. */
void launch_wait(struct launch *launch, int (*tick)(void *), void *context, struct launch_end *end);

/* The child has not been let go: it ends. */
void launch_abandon(struct launch *launch);

/* After launch_wait, for a process that goes on: signals reach it again as before. */
void launch_finish(struct launch *launch);

/* What a shell would report: the exit code, or 128 + the signal's number. */
int launch_exit_code(int status);

#endif
