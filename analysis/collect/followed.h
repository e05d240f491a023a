/* SPDX-License-Identifier: MIT */
/*
 * The processes that are watched among all of a machine's: the one that was launched and its
 * descendants. A process counts its threads in and out, and is forgotten with its last one: its
 * number may come again as a stranger's.
 */
#ifndef ANALYSIS_FOLLOWED_H
#define ANALYSIS_FOLLOWED_H

#include <stdbool.h>
#include <sys/types.h>

struct followed {
    void *tree; /* of tsearch(3) */
};

/* One thread more; its process is watched from the first on. False: no memory. */
bool followed_add(struct followed *followed, pid_t pid);
/* One thread less, of a process that may be a stranger. */
void followed_remove(struct followed *followed, pid_t pid);
bool followed_has(const struct followed *followed, pid_t pid);
void followed_finish(struct followed *followed);

#endif
