/* SPDX-License-Identifier: MIT */
/*
 * Which allocator a process that runs has: libhakmem by the note in its memory, others by what
 * their files are called, glibc where there is none of these.
 */
#ifndef ANALYSIS_RUNNING_ALLOCATOR_H
#define ANALYSIS_RUNNING_ALLOCATOR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "allocator.h"

struct running_allocator {
    struct allocator allocator; /* `library`: where its file can be read from here; "": nowhere */
    char mapped[PATH_MAX];      /* as the process's mappings call the file */
    uint64_t counters;          /* libhakmem: the address of the pointer to its counters, else 0 */
    bool is_program;            /* it is linked into the program itself */
    int memory_error; /* errno of reading the process's memory: its counters can't be had; 0: none
                       */
};

/* The allocator that files of this name are, "jemalloc"; NULL: none, or the C library. */
const char *running_allocator_of_file(const char *path);

/* False with errno where the mappings can't be read. */
bool running_allocator_find(pid_t pid, struct running_allocator *found);

/* The address of the pointer to libhakmem's counters; 0: there is none in this process. */
uint64_t running_allocator_counters(pid_t pid);

#endif
