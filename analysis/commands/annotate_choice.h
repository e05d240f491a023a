/* SPDX-License-Identifier: MIT */
/*
 * Which functions of the allocator's library are shown. A function is the symbol of that name and
 * the pieces that the compiler laid out elsewhere, whose names go on with a dot: malloc.cold,
 * malloc.part.0. Where several functions share a name each of them is shown, without pieces, of
 * which nothing says whose they are.
 */
#ifndef ANALYSIS_ANNOTATE_CHOICE_H
#define ANALYSIS_ANNOTATE_CHOICE_H

#include "attribute/attribute.h"

struct annotate_chosen {
    size_t *parts; /* indices of the library's functions; the first is the entry's */
    size_t part_count;
};

struct annotate_choice {
    struct attributed_function *all; /* of the library, by their offset in the file */
    size_t all_count;
    struct annotate_chosen *chosen; /* in the order of the names */
    size_t count;
};

/* To be finished in any case. False with errno. */
bool annotate_choice_start(struct annotate_choice *choice, struct attributor *attributor);
void annotate_choice_finish(struct annotate_choice *choice);

/* Adds the functions of that name; those that are chosen already stay alone. False with one line in
 * `why`: there is none, and which names are near. */
bool annotate_choice_add(struct annotate_choice *choice, struct attributor *attributor,
                         const char *name, char *why, size_t why_bytes);

/* Index of the function in which the byte at `offset` in the file lies; SIZE_MAX: in none. */
size_t annotate_choice_at(const struct annotate_choice *choice, uint64_t offset);

#endif
