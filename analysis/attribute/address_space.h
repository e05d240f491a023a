/* SPDX-License-Identifier: MIT */
/* Which file is mapped where, in each process. */
#ifndef ANALYSIS_ADDRESS_SPACE_H
#define ANALYSIS_ADDRESS_SPACE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "mapped_file.h"

struct mapping {
    uint64_t start;
    uint64_t end;
    uint64_t offset; /* of `start` in the file */
    struct mapped_file *file;
};

/* Shared by the processes that forked from one another until one of them maps something. */
struct address_space;

enum { ADDRESS_SPACE_BUCKETS = 1024 };

struct address_spaces {
    struct process *buckets[ADDRESS_SPACE_BUCKETS]; /* by process id */
};

void address_spaces_finish(struct address_spaces *spaces);

/* Replaces what was mapped there before. -1 with errno when memory is out. */
int address_spaces_map(struct address_spaces *spaces, pid_t pid, const struct mapping *mapping);
void address_spaces_fork(struct address_spaces *spaces, pid_t parent, pid_t child);
void address_spaces_clear(struct address_spaces *spaces, pid_t pid);

/* NULL where nothing is mapped. */
const struct mapping *address_spaces_find(struct address_spaces *spaces, pid_t pid,
                                          uint64_t address);

#endif
