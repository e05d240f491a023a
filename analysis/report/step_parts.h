/* SPDX-License-Identifier: MIT */
/* The parts that every allocator's time has, whatever its sources are called: the application, the
 * steps of a malloc, and the kernel by what led there. */
#ifndef ANALYSIS_STEP_PARTS_H
#define ANALYSIS_STEP_PARTS_H

enum step_part {
    PART_APPLICATION, /* the program and its libraries, outside the kernel */
    PART_HEADER,      /* from here in the order of attribute/lens.h */
    PART_CACHE,
    PART_METADATA,
    PART_CLASSIFY,
    PART_FREELIST,
    PART_CHECK,
    PART_ENTRY,
    PART_COUNTING,
    PART_SLOW,
    PART_LOCK,
    PART_UNKNOWN,
    PART_FAULTS, /* the kernel: page faults and the other exceptions, whoever's they were */
    PART_CALLS,  /* the kernel: system calls, whoever's */
    PART_KERNEL, /* the kernel: what neither led to; all of it where that is not told */
    STEP_PARTS
};

extern const char *const step_part_names[STEP_PARTS];

/* STEP_PARTS where it is no part's. */
enum step_part step_part_of(const char *name);

#endif
