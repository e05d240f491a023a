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
    REPLAY_ALIGNED,      /* the next entry says how: its size is the alignment */
    REPLAY_REALLOC,      /* to this place; the next entry says from which */
    REPLAY_REALLOC_NULL, /* realloc of NULL */
    REPLAY_FREE,
    REPLAY_START,   /* of a thread */
    REPLAY_RELEASE, /* the thread may end when it has done all */
    REPLAY_JOIN,
};

enum { REPLAY_PLACE_BITS = 27 };

/* Small, since reading them costs as much as some allocators do. */
struct replay_entry {
    uint32_t size;                      /* of the block got, or given up; see replay_bytes */
    uint32_t place : REPLAY_PLACE_BITS; /* or the thread */
    uint32_t is_shared : 1;             /* the place is in the shared table */
    uint32_t kind : 32 - REPLAY_PLACE_BITS - 1;
};

static inline bool replay_has_next(const struct replay_entry *entry)
{
    return entry->kind == REPLAY_REALLOC || entry->kind == REPLAY_ALIGNED;
}

/* From 2 GiB on, sizes are in units of 4 KiB, rounded down, and at most 8 TiB. */
static inline uint64_t replay_bytes(uint32_t size)
{
    return __builtin_expect(size >> 31, 0) ? (uint64_t)(size & INT32_MAX) << 12 : size;
}

static inline uint32_t replay_size(uint64_t bytes)
{
    if (bytes <= INT32_MAX)
        return (uint32_t)bytes;
    return 1u << 31 | (uint32_t)(bytes >> 12 < INT32_MAX ? bytes >> 12 : INT32_MAX);
}

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
