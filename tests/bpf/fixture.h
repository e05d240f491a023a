/* SPDX-License-Identifier: MIT */
/* How often the fixture does what. */
#ifndef TESTS_BPF_FIXTURE_H
#define TESTS_BPF_FIXTURE_H

enum {
    FIXTURE_REFILLS = 100,
    FIXTURE_REFILLS_OF_7 = 30,  /* of these, of class 7; the others of class 3 */
    FIXTURE_REFILL_NS = 180000, /* in bucket 17: 131072 to 262143 ns */
    FIXTURE_OVERFLOWS = 50,     /* each with an arena_take inside */
    FIXTURE_PUBLISHES_OF_1 = 5,
    FIXTURE_PUBLISHES_OF_63 = 7,
    FIXTURE_PUBLISHES_OF_64 = 11,
    FIXTURE_THREADS = 4,
    FIXTURE_COLLECTS = 500, /* by each thread */
    FIXTURE_FOUND = 5,      /* blocks by each */
    FIXTURE_WAITS = 15,     /* for a lock */
    FIXTURE_SLEEPS = 10,    /* of these, asleep */
    FIXTURE_SLEEP_US = 2000,
    FIXTURE_MADVISES_OF_ARENA = 13,
    FIXTURE_MADVISES_OF_LIBRARY = 11,
    FIXTURE_MREMAPS_OF_PROGRAM = 17, /* which nothing in libc calls by itself */
    FIXTURE_MAPS = 9,                /* by the library: mapped, protected, remapped, unmapped */
    FIXTURE_SIZES = 50,              /* of blocks: from 100 bytes */
    FIXTURE_PURGE_BYTES = 4096,
    FIXTURE_PAGES = 256,    /* of the arena, written by the program */
    FIXTURE_READ_PAGES = 5, /* of the arena, written by the kernel */
    FIXTURE_OTHER_PAGES = 100,
    FIXTURE_CHILD_PAGES = 10, /* of the arena, copied on write by a child */
    FIXTURE_PURGES = 7,       /* by the child */
    FIXTURE_PURGES_AFTER_EXEC = 3,
};

#endif
