/* SPDX-License-Identifier: MIT */
/* Limits and places that a program may have to live with. */
#ifndef TESTS_FAULTS_LIMIT_CASES_H
#define TESTS_FAULTS_LIMIT_CASES_H

#include <stdbool.h>

struct limit_case {
    const char *name;
    bool (*enter)(void);       /* before the program starts; false: not here. NULL: nothing to do */
    const char *(*live)(void); /* what was broken; NULL: nothing */
    const char *promise;       /* how it ends: "kept", or how it dies */
};

/* They end with one without a name. */
extern const struct limit_case limit_cases[];

/* enter: a limit on resources (RLIMIT_), cgroups, places. */
bool enter_data_limit(void);
bool enter_address_space_limit(void);
bool enter_one_process(void);
bool enter_memory_cgroup(void);
bool enter_without_proc(void);
bool enter_missing_folder(void);
bool enter_read_only_folder(void);
bool enter_full_disk(void);
bool enter_folder(void);

/* The memory cgroup and the folder that were made go. By the process that started the others. */
void leave_places(void);

#endif
