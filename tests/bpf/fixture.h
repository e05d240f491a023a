/* SPDX-License-Identifier: MIT */
/* How often the fixture does what. */
#ifndef TESTS_BPF_FIXTURE_H
#define TESTS_BPF_FIXTURE_H

enum {
    FIXTURE_REFILLS = 100,
    FIXTURE_REFILL_NS = 180000, /* in bucket 17: 131072 to 262143 ns */
    FIXTURE_OVERFLOWS = 50,     /* each with an arena_take inside */
    FIXTURE_PUBLISHES_OF_1 = 5,
    FIXTURE_PUBLISHES_OF_63 = 7,
    FIXTURE_PUBLISHES_OF_64 = 11,
    FIXTURE_THREADS = 4,
    FIXTURE_COLLECTS = 500, /* by each thread */
    FIXTURE_PAGES = 256,    /* of the arena, written by the program */
    FIXTURE_READ_PAGES = 5, /* of the arena, written by the kernel */
    FIXTURE_OTHER_PAGES = 100,
    FIXTURE_CHILD_PAGES = 10, /* of the arena, copied on write by a child */
    FIXTURE_PURGES = 7,       /* by the child */
    FIXTURE_PURGES_AFTER_EXEC = 3,
};

#endif
