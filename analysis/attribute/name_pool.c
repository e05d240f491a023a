/* SPDX-License-Identifier: MIT */
#include "name_pool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static size_t hash_of(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        hash = (hash ^ *c) * 0x100000001b3u;
    return (size_t)(hash ^ (hash >> 32));
}

void name_pool_finish(struct name_pool *pool)
{
    for (size_t i = 0; i < pool->bucket_count; i++) {
        for (struct pooled_name *name = pool->buckets[i], *next; name; name = next) {
            next = name->next;
            free(name);
        }
    }
    free(pool->buckets);
    memset(pool, 0, sizeof *pool);
}

/* Twice the buckets. Where memory is out the chains only get longer. */
static void spread(struct name_pool *pool)
{
    size_t wider = pool->bucket_count ? pool->bucket_count * 2 : 256;
    struct pooled_name **buckets = calloc(wider, sizeof *buckets);
    if (!buckets)
        return;
    for (size_t i = 0; i < pool->bucket_count; i++) {
        for (struct pooled_name *name = pool->buckets[i], *next; name; name = next) {
            next = name->next;
            name->next = buckets[name->hash & (wider - 1)];
            buckets[name->hash & (wider - 1)] = name;
        }
    }
    free(pool->buckets);
    pool->buckets = buckets;
    pool->bucket_count = wider;
}

struct pooled_name *name_pool_entry(struct name_pool *pool, const char *text)
{
    size_t hash = hash_of(text);

    if (pool->name_count >= pool->bucket_count)
        spread(pool);
    if (!pool->bucket_count)
        return NULL;
    struct pooled_name **bucket = &pool->buckets[hash & (pool->bucket_count - 1)];
    for (struct pooled_name *name = *bucket; name; name = name->next) {
        if (name->hash == hash && strcmp(name->text, text) == 0)
            return name;
    }

    size_t bytes = strlen(text) + 1;
    struct pooled_name *name = malloc(sizeof *name + bytes);
    if (!name)
        return NULL;
    memcpy(name->text, text, bytes);
    name->hash = hash;
    name->value = NULL;
    name->next = *bucket;
    *bucket = name;
    pool->name_count++;
    return name;
}

const char *name_pool_copy(struct name_pool *pool, const char *text)
{
    struct pooled_name *name = text ? name_pool_entry(pool, text) : NULL;
    return name ? name->text : NULL;
}
