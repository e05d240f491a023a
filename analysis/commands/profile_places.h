/* SPDX-License-Identifier: MIT */
/*
 * Samples by the place in a file that they fell on. Whose code that is is asked later, of each
 * place once: the files' debug information is then read when the program has ended, not at its
 * cost.
 */
#ifndef ANALYSIS_PROFILE_PLACES_H
#define ANALYSIS_PROFILE_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct profile_place {
    const char *path; /* of the file: equal ones are the same pointer; NULL: no place */
    uint64_t offset;  /* in it */
    bool in_kernel;   /* the processor was in the kernel, called from there */
    uint64_t samples;
    double weight;
};

struct profile_places {
    struct profile_place *items; /* a hash table, by linear probing; its capacity a power of two */
    size_t count, capacity;
};

/* Adds the place's samples to what is there. False when memory is out: nothing was added. */
bool profile_places_add(struct profile_places *places, const struct profile_place *place);

/* Empty, and without memory. */
void profile_places_finish(struct profile_places *places);

#endif
