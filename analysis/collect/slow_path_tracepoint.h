/* SPDX-License-Identifier: MIT */
/* The numbers of the tracepoints of system calls. */
#ifndef ANALYSIS_SLOW_PATH_TRACEPOINT_H
#define ANALYSIS_SLOW_PATH_TRACEPOINT_H

#include <stdbool.h>

/* numbers[2 * i] of syscalls:sys_enter_`names[i]`, numbers[2 * i + 1] of sys_exit_; 0: there is
 * none. Where tracefs is not mounted it is mounted for the moment, where nobody else sees it, which
 * needs root. False where they can't be known. */
bool system_call_tracepoints(const char *const *names, int count, int *numbers);

#endif
