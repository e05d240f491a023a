/* SPDX-License-Identifier: MIT */
/* From what `--with` names to a library that can be preloaded. */
#ifndef ANALYSIS_ALLOCATOR_H
#define ANALYSIS_ALLOCATOR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "variant.h"

struct allocator {
    char name[64];          /* as the user named it; a path's last part */
    char library[PATH_MAX]; /* to preload; glibc: where its code is, not preloaded; own: "" */
    const char *link;       /* what a link to it is called where its path can't be preloaded */
    bool preload;
    bool is_hakmem;
    bool is_glibc;
    bool
        is_own; /* whatever the program has, linked into it or in a library: nothing is preloaded */
};

/* False with one line in `why`. */
bool allocator_find(const char *name, struct allocator *allocator, char *why, size_t why_bytes);

/* A variant's library in the folder that HAKMEM_VARIANTS names, or in the build's; `again`: its
 * second copy. False with one line in `why`. */
bool allocator_find_variant(const struct variant *variant, bool again, struct allocator *allocator,
                            char *why, size_t why_bytes);

/* The library that `record` preloads before the allocator. False with one line in `why`. */
bool allocator_find_recorder(struct allocator *recorder, char *why, size_t why_bytes);

/* The same of `count`, and of `callers`. */
bool allocator_find_stepper(struct allocator *stepper, char *why, size_t why_bytes);
bool allocator_find_follower(struct allocator *follower, char *why, size_t why_bytes);

/*
 * The value of LD_PRELOAD for the command: the library, then what the user had there. A path that
 * holds a space or a colon can't stand in LD_PRELOAD, so a link to it is made in `folder`. The
 * result is the caller's; NULL with errno.
 */
char *allocator_preload(const struct allocator *allocator, const char *folder, const char *before);

#endif
