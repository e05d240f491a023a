/* SPDX-License-Identifier: MIT */
/*
 * What each thread of a replay does, made of a trace before the clock starts. An entry names the
 * place where the block's pointer is kept. A block that one thread gets and gives up has a place in
 * that thread's table, which is used again as soon as it is free, so that the table stays in the
 * cache; one that another thread gives up has a place of its own in the shared table, where that
 * thread waits for it. A realloc gives up the old block and gets the new one.
 */
#ifndef BENCH_REPLAY_PLAN_H
#define BENCH_REPLAY_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum replay_kind {
    REPLAY_MALLOC,
    REPLAY_CALLOC,
    REPLAY_ALIGNED,
    REPLAY_REALLOC,      /* to this place; the next entry says from which */
    REPLAY_REALLOC_NULL, /* realloc of NULL */
    REPLAY_FREE,
    REPLAY_START,   /* of a thread */
    REPLAY_RELEASE, /* the thread may end when it has done all */
    REPLAY_JOIN,
};

struct replay_entry {
    uint64_t bytes; /* of the block got, or given up */
    uint32_t place; /* or the thread */
    uint8_t kind;
    uint8_t alignment; /* its binary logarithm */
    bool is_shared;    /* the place is in the shared table */
    uint8_t unused;
};

/* One thread's entries. */
struct replay_stream {
    off_t start;      /* of its entries in the plan's file */
    uint64_t timed;   /* entries of the trace */
    uint64_t all;     /* behind these: frees of what the program never freed */
    uint32_t places;  /* of its table */
    bool is_released; /* somebody releases it; else it ends when it has done all */
    bool ends_early;  /* the trace has its end; else it ends with the program */
    bool is_joined;   /* by an entry */
};

struct replay_plan {
    struct replay_stream *streams;
    uint64_t threads;
    uint64_t operations; /* of the trace */
    uint32_t shared;     /* places of the shared table */
    int file;            /* holds the entries */
};

/* False with one line in `why`. */
bool replay_plan_make(struct replay_plan *plan, const char *path, char *why, size_t why_bytes);

#endif
