/* SPDX-License-Identifier: MIT */
#include "followed.h"

#include <search.h>
#include <stdlib.h>

struct process {
    pid_t pid;
    unsigned threads;
};

static int by_pid(const void *a, const void *b)
{
    pid_t x = ((const struct process *)a)->pid, y = ((const struct process *)b)->pid;
    return (x > y) - (x < y);
}

static struct process *find(const struct followed *followed, pid_t pid)
{
    const struct process wanted = {.pid = pid};
    struct process *const *found = tfind(&wanted, &followed->tree, by_pid);
    return found ? *found : NULL;
}

bool followed_add(struct followed *followed, pid_t pid)
{
    struct process *process = find(followed, pid);
    if (!process) {
        process = calloc(1, sizeof *process);
        if (!process)
            return false;
        process->pid = pid;
        if (!tsearch(process, &followed->tree, by_pid)) {
            free(process);
            return false;
        }
    }
    process->threads++;
    return true;
}

void followed_remove(struct followed *followed, pid_t pid)
{
    struct process *process = find(followed, pid);
    if (!process || --process->threads != 0)
        return;
    tdelete(process, &followed->tree, by_pid);
    free(process);
}

bool followed_has(const struct followed *followed, pid_t pid)
{
    return find(followed, pid) != NULL;
}

void followed_finish(struct followed *followed)
{
    tdestroy(followed->tree, free);
    followed->tree = NULL;
}
