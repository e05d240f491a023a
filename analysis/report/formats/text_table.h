/* SPDX-License-Identifier: MIT */
/* Texts, each once, numbered from 0 in the order in which they came. */
#ifndef ANALYSIS_TEXT_TABLE_H
#define ANALYSIS_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct text_table {
    char **texts;
    size_t count, capacity;
    size_t *buckets; /* a hash table of index + 1, by linear probing; 0: empty */
    size_t bucket_count;
    bool no_memory;
};

/* The text's number; a copy is kept. 0 with no_memory set when memory is out. */
size_t text_table_add(struct text_table *table, const char *text);

void text_table_finish(struct text_table *table);

#endif
