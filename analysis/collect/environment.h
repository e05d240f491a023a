/* SPDX-License-Identifier: MIT */
/* The command's environment: this program's own, with what libhakmem and the preload need. */
#ifndef ANALYSIS_ENVIRONMENT_H
#define ANALYSIS_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "allocator.h"

enum { ENVIRONMENT_OURS_MAX = 4 };

struct environment {
    char **list;                      /* as execve wants it */
    char *ours[ENVIRONMENT_OURS_MAX]; /* the entries that were made here */
    size_t count, our_count;
};

/* As this program's own. False with errno; to be freed in any case. */
bool environment_copy(struct environment *environment);

/* In the place of what it had; at most ENVIRONMENT_OURS_MAX times. A value of NULL is no memory. */
bool environment_set(struct environment *environment, const char *name, const char *value);

/* The library is preloaded before what `before` lists; see allocator_preload. */
bool environment_preload(struct environment *environment, const struct allocator *allocator,
                         const char *folder, const char *before);

/* The allocator stands before what is preloaded already; counters go to `folder`. False with errno;
 * to be freed in any case. */
bool environment_make(struct environment *environment, const struct allocator *allocator,
                      const char *folder);
void environment_free(struct environment *environment);

#endif
