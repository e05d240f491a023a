/* SPDX-License-Identifier: MIT */
#include "text_table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS_LEAST = 256 };

static size_t hash_of(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        hash = (hash ^ *c) * 0x100000001b3u;
    return (size_t)(hash ^ hash >> 32);
}

static size_t *bucket_of(const struct text_table *table, const char *text)
{
    size_t at = hash_of(text) & (table->bucket_count - 1);
    while (table->buckets[at] && strcmp(table->texts[table->buckets[at] - 1], text) != 0)
        at = (at + 1) & (table->bucket_count - 1);
    return &table->buckets[at];
}

/* Half of the buckets at most are in use. */
static bool grow(struct text_table *table)
{
    if (2 * table->count < table->bucket_count)
        return true;
    size_t wider = table->bucket_count ? 2 * table->bucket_count : BUCKETS_LEAST;
    size_t *buckets = calloc(wider, sizeof *buckets);
    char **texts = reallocarray(table->texts, wider, sizeof *texts);
    if (texts)
        table->texts = texts;
    if (!buckets || !texts) {
        free(buckets);
        return false;
    }
    free(table->buckets);
    table->buckets = buckets;
    table->bucket_count = table->capacity = wider;
    for (size_t i = 0; i < table->count; i++)
        *bucket_of(table, table->texts[i]) = i + 1;
    return true;
}

size_t text_table_add(struct text_table *table, const char *text)
{
    size_t *bucket = grow(table) ? bucket_of(table, text) : NULL;
    if (bucket && *bucket)
        return *bucket - 1;
    char *copy = bucket ? strdup(text) : NULL;
    if (!copy) {
        table->no_memory = true;
        return 0;
    }
    table->texts[table->count++] = copy;
    *bucket = table->count;
    return table->count - 1;
}

void text_table_finish(struct text_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->texts[i]);
    free(table->texts);
    free(table->buckets);
    *table = (struct text_table){0};
}
