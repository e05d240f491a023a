/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BPF_WATCHED_RUN_H
#define TESTS_BPF_WATCHED_RUN_H

#include <stdbool.h>

#include "collect/slow_path.h"

struct watched_program {
    const char *library; /* whose probes are watched */
    const char *preload; /* NULL or a library */
    double budget;
    bool every_call;
    char *const *arguments;
};

/* Runs the program, ticking as hakmem-trace does. False where it could not be watched: `why` says
 * the reason. The report is to be given to slow_path_forget. */
bool watched_run(const struct watched_program *program, struct slow_path_report *report,
                 int *exit_status, char why[256]);

/* A process that executes the program when a byte comes through the pipe `go`, as it must not run
 * before it is watched; where the pipe is closed without one it ends. */
pid_t watched_run_start(const int go[2], const char *preload, char *const *arguments);

/* True where eBPF, or what is wanted of it, can't be had here, not where it is broken. */
bool is_not_permitted(const char *why);

#endif
