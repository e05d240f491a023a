/* SPDX-License-Identifier: MIT */
/*
 * One copy of every string that outlives the file it was read from. Equal strings are the same
 * pointer, so names compare by address.
 */
#ifndef ANALYSIS_NAME_POOL_H
#define ANALYSIS_NAME_POOL_H

#include <stddef.h>

struct pooled_name {
    struct pooled_name *next; /* in the same bucket */
    void *value;              /* for the pool's owner, NULL at first */
    size_t hash;
    char text[];
};

struct name_pool {
    struct pooled_name **buckets;
    size_t bucket_count; /* a power of two, or 0 */
    size_t name_count;
};

void name_pool_finish(struct name_pool *pool);

/* The pool's entry for `text`, new or old; NULL when memory is out. */
struct pooled_name *name_pool_entry(struct name_pool *pool, const char *text);

/* The pool's copy of `text`; NULL for NULL and when memory is out. */
const char *name_pool_copy(struct name_pool *pool, const char *text);

#endif
