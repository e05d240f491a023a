/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BPF_WATCHED_RUN_H
#define TESTS_BPF_WATCHED_RUN_H

#include <stdbool.h>

#include "collect/slow_path.h"

/* Runs the program with the probes of `library` watched, ticking as hakmem-trace does. False where
 * it could not be watched: `why` says the reason. `preload`: NULL or a library. */
bool watched_run(const char *library, const char *preload, double budget, char *const *arguments,
                 struct slow_path_report *report, int *exit_status, char why[256]);

/* True where eBPF is not permitted or not built in, not where it is broken. */
bool is_not_permitted(const char *why);

#endif
