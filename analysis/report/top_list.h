/* SPDX-License-Identifier: MIT */
/* The processes that could be watched, to choose one from. */
#ifndef ANALYSIS_TOP_LIST_H
#define ANALYSIS_TOP_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "top_grid.h"

enum { TOP_LIST_MAX = 512 };

struct top_process {
    pid_t pid;
    char program[64];
    const char *allocator;
    bool is_hakmem;
    double cores;      /* processor time by time since the last look; NAN: not known yet */
    uint64_t resident; /* bytes */
};

struct top_list {
    struct top_process processes[TOP_LIST_MAX];
    size_t count;
    size_t hidden; /* that may not be looked into, being another user's */
};

/* Those on libhakmem first, then the busiest. */
void top_list_sort(struct top_list *list);

/* `chosen`: the row that Enter takes; `count`: none. `keys`: name them in the last line. */
void top_list_page(struct top_grid *grid, const struct top_list *list, size_t chosen, bool keys);

#endif
