/* SPDX-License-Identifier: MIT */
/* A file that is mapped into some process, and what the reader has answered about it. */
#ifndef ANALYSIS_MAPPED_FILE_H
#define ANALYSIS_MAPPED_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "answered_ranges.h"
#include "attribute.h"

struct code_answer {
    struct attribution attribution; /* its names are pooled */
    const char *symbol;             /* of the function there, pooled, or NULL */
};

struct mapped_file {
    const char *path; /* pooled */
    bool is_allocator;
    const char *other;             /* another allocator whose code was met in it, or NULL */
    bool is_unreadable;            /* no more questions: `nameless` is the answer to all */
    bool has_no_rules;             /* no more questions about how its frames are left */
    struct code_answer nameless;   /* what is said where nothing is known */
    struct answered_ranges code;   /* of struct code_answer */
    struct answered_ranges frames; /* of struct unwind_rules, cut behind what is used */
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
