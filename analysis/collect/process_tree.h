/* SPDX-License-Identifier: MIT */
/* A process that runs, its descendants and their threads, as they are at this moment. */
#ifndef ANALYSIS_PROCESS_TREE_H
#define ANALYSIS_PROCESS_TREE_H

#include <stddef.h>
#include <sys/types.h>

/* The process and its descendants, a parent before its children, at most `capacity` of them.
 * Answers how many there are in the list. */
size_t process_tree_list(pid_t root, pid_t *processes, size_t capacity);

/* Calls `take` for each thread of one process. */
void process_tree_each_thread(pid_t pid, void (*take)(void *context, pid_t pid, pid_t tid),
                              void *context);

#endif
