/* SPDX-License-Identifier: MIT */
/*
 * The call paths that were met. Two stacks are one path if the same function of malloc's family was
 * called at the same place, and the same functions led there, so far as they are kept.
 */
#ifndef ANALYSIS_CALLERS_PATHS_H
#define ANALYSIS_CALLERS_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "attribute/attribute.h"
#include "attribute/name_pool.h"
#include "report/callers_model.h"

/* More are added up in the first, which is of no known caller. */
enum { CALLERS_PATHS_MAX = 20000, CALLERS_PATH_BUCKETS = 8192 };

struct callers_paths {
    const char *helper; /* the library that is called in malloc's place, as mapped */
    struct name_pool names;
    struct callers_path *items; /* who called, and no figure */
    size_t *next;               /* in the same bucket; 0: none */
    size_t count, capacity, next_capacity;
    size_t buckets[CALLERS_PATH_BUCKETS]; /* 0: empty */
};

/* The text stays the caller's. False: no memory. */
bool callers_paths_start(struct callers_paths *paths, const char *helper);
void callers_paths_finish(struct callers_paths *paths);

/* A stack without malloc's own frames, and without those of how the C library starts a program or
 * a thread. */
struct callers_cut {
    const char *called;  /* of malloc's family; "": not known */
    size_t first, count; /* of the addresses: who called, outwards; count 0: nobody is known */
    bool is_whole;       /* its last one is where a program or thread begins */
};

void callers_paths_cut(struct callers_paths *paths, struct attributor *attributor, pid_t pid,
                       const uint64_t *addresses, size_t count, struct callers_cut *cut);

/* The function there, as a path calls it, pooled; NULL where nothing is mapped. */
const char *callers_paths_function(struct callers_paths *paths, struct attributor *attributor,
                                   pid_t pid, uint64_t address);

/* The index of the path that a stack is of; `addresses` as of unwind.h. 0 where nobody outside of
 * malloc is in it. */
size_t callers_paths_find(struct callers_paths *paths, struct attributor *attributor, pid_t pid,
                          const uint64_t *addresses, size_t count);

/* Fills in the line that calls, where debug information tells it, for as long as the attributor
 * lives. */
void callers_paths_find_line(struct attributor *attributor, struct callers_path *path);

/* Of a stack's addresses, where the code is: an address that a function returns to is behind the
 * call, perhaps behind the function. */
uint64_t callers_of_call(const uint64_t *addresses, size_t at);

/* How many of the innermost frames are the allocator's; of the outermost, how the C library starts
 * a program, from a function of the program's own, or a thread: one is left in any case. */
size_t callers_inner_frames(struct attributor *attributor, pid_t pid, const uint64_t *addresses,
                            size_t count);
size_t callers_outer_frames(struct attributor *attributor, pid_t pid, const uint64_t *addresses,
                            size_t count);

/* "operator new" of _Znwm: C++ operators have the names that compilers give them. "" for NULL. */
const char *callers_plain_name(const char *symbol);

/* Whether the stack comes from one of the helper's functions of malloc's family with nothing
 * between but code of one library: so the thread is at work in malloc, and that is whose it is. */
bool callers_paths_is_malloc(const struct callers_paths *paths, struct attributor *attributor,
                             pid_t pid, const uint64_t *addresses, size_t count);

#endif
