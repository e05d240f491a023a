/* SPDX-License-Identifier: MIT */
/* Allocators by name: which library to preload, and the proof that the loader takes it. */
#ifndef BENCH_ALLOCATOR_H
#define BENCH_ALLOCATOR_H

#include <limits.h>
#include <stdbool.h>

struct allocator {
    char name[PATH_MAX];    /* as the user wrote it */
    char preload[PATH_MAX]; /* value of LD_PRELOAD; empty: the system's own malloc */
    char folder[PATH_MAX];  /* value of LD_LIBRARY_PATH; empty: leave it alone */
};

/* A known name (glibc, hakmem, jemalloc, mimalloc, tcmalloc) or the path of a library, recognised
 * by its slash. False: no such name, or the loader can't preload the library; `why` is one line. */
bool allocator_find(const char *name, struct allocator *allocator, char why[PATH_MAX + 256]);

/* For the child, between fork and exec. */
void allocator_enter(const struct allocator *allocator);

#endif
