/* SPDX-License-Identifier: MIT */
/* A file that is mapped into some process, and what the reader has answered about it. */
#ifndef ANALYSIS_MAPPED_FILE_H
#define ANALYSIS_MAPPED_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attribute.h"

struct code_answer {
    struct attribution attribution; /* its names are pooled */
    const char *symbol;             /* of the function there, pooled, or NULL */
};

struct answered_range {
    uint64_t low, high; /* offsets in the file, low <= offset < high */
    struct code_answer *answer;
};

struct mapped_file {
    const char *path; /* pooled */
    bool is_allocator;
    const char *other;            /* another allocator whose code was met in it, or NULL */
    bool is_unreadable;           /* no more questions: `nameless` is the answer to all */
    struct code_answer nameless;  /* what is said where nothing is known */
    struct answered_range *items; /* in order, none overlaps another */
    size_t count, capacity;
    size_t found_last; /* questions come in runs about the same range */
};

struct mapped_file *mapped_file_create(const char *path, bool is_allocator);
void mapped_file_destroy(struct mapped_file *file);

/* NULL where nothing is known about the byte at `offset` yet. */
const struct code_answer *mapped_file_find(struct mapped_file *file, uint64_t offset);

/* Keeps a copy of the answer for the range that holds `offset`, cut where it meets another's.
 * `nameless` when memory is out. */
const struct code_answer *mapped_file_keep(struct mapped_file *file, uint64_t offset, uint64_t low,
                                           uint64_t high, const struct code_answer *answer);

#endif
