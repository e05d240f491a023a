/* SPDX-License-Identifier: MIT */
/* Work for the allocator while its calls fail, and what must hold then. */
#ifndef TESTS_FAULTS_SCENARIO_H
#define TESTS_FAULTS_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>

struct scenario {
    const char *name;
    void (*prepare)(void); /* before faults begin, in the trial's process; may be NULL */
    void (*run)(void);     /* while they fire */
    void (*finish)(void);  /* after: contents are checked, all is freed; may be NULL */
    bool has_threads;      /* some counts of large blocks may be lost between threads */
    bool leaks;            /* not everything is freed at the end */
    unsigned weight;       /* 1: takes milliseconds, 2: a hundred of them; fewer n are tried then */
};

extern const struct scenario scenario_mixed, scenario_large, scenario_huge, scenario_purge,
    scenario_overflow, scenario_threads, scenario_shadow, scenario_shadow_threads, scenario_fork,
    scenario_counters;

/* The cases of api_probe, but those about names and resident memory. */
extern const struct scenario scenario_api;

/* Ends the trial, which says `what` is not so. */
_Noreturn void broken(const char *what, size_t detail);

#define require(holds, what) ((holds) ? (void)0 : broken(what, __LINE__))

/* A block and what was written into it: all of its first and last 64 bytes, one in 509 between. */
struct stamped {
    unsigned char *p; /* NULL: none */
    size_t bytes;
};

void stamp(struct stamped *block, void *p, size_t bytes);

/* Its first `bytes`, which may have moved to `p`. */
void check_stamp(const struct stamped *block, const void *p, size_t bytes);

/* Checks it and frees it; an empty one is fine. */
void free_stamped(struct stamped *block);

/* Of the block's contents, by realloc; where that is refused it stays as it is. */
void resize_stamped(struct stamped *block, size_t bytes);

/* A refusal must set errno to ENOMEM. Returns p. */
void *or_no_memory(void *p);

#endif
