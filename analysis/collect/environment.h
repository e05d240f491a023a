/* SPDX-License-Identifier: MIT */
/* The command's environment: this program's own, with what libhakmem and the preload need. */
#ifndef ANALYSIS_ENVIRONMENT_H
#define ANALYSIS_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "allocator.h"

struct environment {
    char **list;   /* as execve wants it */
    char *ours[2]; /* the entries that were made here */
    size_t count, our_count;
};

/* The allocator stands before what is preloaded already; counters go to `folder`. False with errno;
 * to be freed in any case. */
bool environment_make(struct environment *environment, const struct allocator *allocator,
                      const char *folder);
void environment_free(struct environment *environment);

#endif
