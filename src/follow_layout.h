/* SPDX-License-Identifier: MIT */
/*
 * The file that sampled calls of malloc are written to while a program runs, by the follower of
 * hakmem-trace callers, or by libhakmem (sample_file.h) for the heap's profile: a header, then
 * records one behind the other, each a multiple of 8 bytes. Written and read on one machine, so in
 * its own byte order. This header depends on nothing.
 *
 * libhakmem samples a block of `usable` bytes with the chance 1 - exp(-usable / mean); of what it
 * writes the fields that say so are filled in. For the follower a call that asks for `size` bytes
 * is sampled with the chance
 *
 *     1 - exp(-(size + FOLLOW_CALL_BYTES) / mean),
 *
 * as if points were thrown on a line of bytes, `mean` apart on the average, and each call took its
 * size and FOLLOW_CALL_BYTES more of the line: so large blocks are seen, and small ones often
 * enough to be counted. Whoever weighs each sample by one over its chance estimates every sum over
 * all calls without bias. The mean doubles where samples cost more than a part of the time, and
 * after FOLLOW_SAMPLES_A_MEAN in any case, so that the file stays small however long a program
 * runs; as that is settled by what went before alone, it biases nothing.
 *
 * D. G. Horvitz, D. J. Thompson, "A Generalization of Sampling Without Replacement From a Finite
 * Universe", Journal of the American Statistical Association 47 (1952), pages 663-685.
 */
#ifndef HAK_FOLLOW_LAYOUT_H
#define HAK_FOLLOW_LAYOUT_H

#include <stdint.h>

#define FOLLOW_MAGIC      "HAKFOLLO"
#define FOLLOW_HEAP_MAGIC "HAKHEAPS" /* libhakmem's */

/* "MEAN:FOLDER", set by hakmem-trace for the command; FOLDER is absolute. */
#define FOLLOW_VARIABLE "HAKMEM_TRACE_FOLLOW"

enum {
    FOLLOW_VERSION = 2,
    FOLLOW_CALL_BYTES = 256,
    FOLLOW_SAMPLES_A_MEAN = 2048,
    FOLLOW_SAMPLES_A_LOOK = 256, /* at what they cost */
    FOLLOW_COST_PART = 50,       /* of the time: a fiftieth may go into samples */
    FOLLOW_SAMPLES_MAX = 32768,
    FOLLOW_STACK_BYTES = 8192,     /* copied of a stack at most */
    FOLLOW_RECORDS_AT = 65536,     /* so that windows start at a page of any size */
    FOLLOW_WINDOW_BYTES = 1 << 20, /* mapped at a time */
    FOLLOW_BYTES_MAX = 320 << 20,  /* of records */
    FOLLOW_MAPS_BYTES = 1 << 20,   /* of a process's mappings at most */
};

#define FOLLOW_MEAN_MAX ((uint64_t)1 << 40)

/* By DWARF's numbers, as attribute/unwind.h has them. */
#if defined(__x86_64__)
enum { FOLLOW_REGISTERS = 17, FOLLOW_SP = 7, FOLLOW_PC = 16 };
#else
enum { FOLLOW_REGISTERS = 33, FOLLOW_SP = 31, FOLLOW_PC = 32 };
#endif

/* Why sampling ended before the program did; or an errno, where the file could not grow. */
enum follow_stopped { FOLLOW_RUNNING, FOLLOW_FULL = -1 };

struct follow_header {
    char magic[8]; /* written last of all that starts */
    uint32_t version;
    int32_t pid;
    int32_t stopped;
    uint32_t threads;
    uint64_t used;      /* bytes of records */
    uint64_t lost;      /* libhakmem: blocks that were due and could not be sampled */
    char program[1024]; /* the executable's path */
};

enum follow_kind { FOLLOW_NONE, FOLLOW_SAMPLE, FOLLOW_MAPS, FOLLOW_KINDS };

/* Every record begins so. `kind` is written last: FOLLOW_NONE where the process was killed. */
struct follow_record {
    uint32_t bytes; /* of all of it */
    uint32_t kind;
};

/* Lines of /proc/PID/maps, those of code alone. */
struct follow_maps {
    struct follow_record record;
    uint64_t time; /* ns of CLOCK_MONOTONIC, here and below */
    uint64_t text_bytes;
    char text[];
};

enum follow_call { FOLLOW_MALLOC, FOLLOW_CALLOC, FOLLOW_REALLOC, FOLLOW_ALIGNED, FOLLOW_CALLS };

/* What became of a block: nothing until the program's end, or it was given back, or grown or shrunk
 * by realloc, which is its end: what realloc returns is another block. */
enum follow_end { FOLLOW_LIVE, FOLLOW_FREED, FOLLOW_REALLOCATED, FOLLOW_ENDS };

struct follow_sample {
    struct follow_record record;
    uint64_t time;
    uint64_t mean;     /* that it was sampled with */
    uint64_t size;     /* asked for */
    uint64_t usable;   /* of it in the block; 0: not known; libhakmem: the block's length */
    uint64_t below;    /* usable in a block of a little less, follow_less(size), which was tried
                          where much of this one is not asked for; 0: it was not */
    uint64_t before;   /* FOLLOW_REALLOC: usable before, 0 where there was no block */
    uint64_t end_time; /* from here to `end` written when the block's end comes */
    uint64_t end_size; /* FOLLOW_REALLOCATED: what it was asked to become */
    uint64_t end_allocations; /* calls of its thread in between; ended by another: 0. Until
                                 then, how many there were before */
    uint32_t end_thread;
    uint32_t end;    /* enum follow_end; written last */
    uint32_t thread; /* from 0, in the order of their first calls; libhakmem: the kernel's number */
    uint32_t call;   /* enum follow_call */
    uint64_t registers[FOLLOW_REGISTERS];
    uint64_t stack_bytes; /* at registers[FOLLOW_SP] and above */
    char stack[];
};

/* A sixteenth less: what a program might do with, if a size class ends there. */
static inline uint64_t follow_less(uint64_t size)
{
    return size - size / 16;
}

_Static_assert(sizeof(struct follow_header) <= FOLLOW_RECORDS_AT, "the header fits");

#endif
