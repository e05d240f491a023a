/* SPDX-License-Identifier: MIT */
/* Runs a command on an allocator with a library of ours before it: what `record`, `count`,
 * `annotate` and `callers` do. */
#ifndef ANALYSIS_PRELOADED_H
#define ANALYSIS_PRELOADED_H

#include <sys/types.h>

#include "collect/allocator.h"
#include "collect/launch.h"

struct preloaded {
    const char *verb; /* of the command of this program, before what is complained of */
    char *const *command;
    const struct allocator *helper, *allocator; /* helper: NULL where there is none */
    const char *folder;           /* for links to libraries whose paths can't be preloaded */
    const char *variable, *value; /* of the environment: what the helper is told */
    /* The child waits before its exec; or NULL. False after a complaint: it is not let go. */
    bool (*attach)(void *context, pid_t pid);
    int (*tick)(void *context); /* as of launch_wait */
    void *context;
};

/* 0, and how the command ended; or the exit code after one line on stderr. */
int preloaded_run(const struct preloaded *preloaded, struct launch_end *end);

#endif
