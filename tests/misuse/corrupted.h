/* SPDX-License-Identifier: MIT */
/* Parts of corrupted_test: cases that write over one of the allocator's records, and go on until a
 * slow path comes by it. */
#ifndef TESTS_CORRUPTED_H
#define TESTS_CORRUPTED_H

#include "unit/unit.h"

#include "heap.h"

enum { MANY = 1000, SIZE = 64, CLASS = 3 };

extern struct hak_heap *own_heap; /* the main thread's */
extern void *taken[MANY];

void take_blocks(void);
void free_blocks(void);

/* Of the class, the first in the depot. */
struct hak_magazine *full_magazine(void);

struct corrupted_case {
    void (*act)(void *unused); /* in a child */
    const char *name, *what;   /* the record that the line must name */
};

#define CASE(act, what)                                                                            \
    {                                                                                              \
        act, #act, what " was written over"                                                        \
    }

extern const struct corrupted_case corrupted_slabs[], corrupted_spans[]; /* end with a NULL */

/* The child that runs `act` must end by a line that starts so and has this part. */
void judge(void (*act)(void *), const char *name, const char *start, const char *part);

/* A test: pointers to where only internals lead. */
void places_only_internals_lead_to(void **state);

#endif
