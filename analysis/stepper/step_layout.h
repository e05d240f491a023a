/* SPDX-License-Identifier: MIT */
/*
 * The file that the stepper writes while it counts: a header, the mappings of code, and words in
 * the order of what was executed. Written and read on one machine, so in its own byte order.
 *
 *     | header | mappings, as lines of /proc/PID/maps | call | address | address | ... | call | ...
 *
 * A word with its top bit set begins a call and holds its kind and size; the other words are the
 * addresses of the instructions that it executed, one for each time.
 */
#ifndef ANALYSIS_STEP_LAYOUT_H
#define ANALYSIS_STEP_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#define STEP_MAGIC "HAKSTEPS"

/* "SKIP:CALLS:NAME/FOLDER", set by hakmem-trace for the command; FOLDER is absolute, and NAME a
 * program's: empty for any. */
#define STEP_VARIABLE "HAKMEM_TRACE_STEP"

/* In FOLDER; the first process that counts makes it. */
#define STEP_FILE "steps"

#ifdef __x86_64__
static const bool step_is_available = true;
#else
static const bool step_is_available = false;
#endif

enum {
    STEP_VERSION = 1,
    STEP_MAPS_AT = 65536, /* so that parts start at a page of any size */
    STEP_MAPS_BYTES = 1 << 20,
    STEP_WORDS_AT = STEP_MAPS_AT + STEP_MAPS_BYTES,
    STEP_WINDOW_BYTES = 4 << 20, /* mapped at a time */
    STEP_BYTES_MAX = 256 << 20,  /* of words */
};

#define STEP_NUMBER_MAX ((uint64_t)1 << 40) /* of skipped calls, and of counted ones */

enum step_kind { STEP_MALLOC, STEP_CALLOC, STEP_REALLOC, STEP_ALIGNED, STEP_FREE, STEP_KINDS };

/* Why counting ended; an errno where the file could not grow; 0: the program ended before. */
enum step_stopped {
    STEP_DONE = -1,
    STEP_FULL = -2,           /* STEP_BYTES_MAX */
    STEP_SIGNAL_TAKEN = -3,   /* the program handles SIGTRAP itself */
    STEP_SIGNAL_BLOCKED = -4, /* the program blocks it, and would be killed by it */
    STEP_SYSTEM_CALL = -5,    /* the allocator blocks signals or starts a process */
};

struct step_header {
    char magic[8]; /* written last of all that starts */
    uint32_t version;
    int32_t pid;
    int32_t stopped;
    uint32_t map_bytes;
    uint64_t words, calls; /* of calls that have returned: what follows is of none */
    char program[1024];    /* the executable's path */
};

#define STEP_IS_CALL  ((uint64_t)1 << 63)
#define STEP_SIZE_MAX (((uint64_t)1 << 48) - 1) /* of what was asked for; more is cut to that */

static inline uint64_t step_call_word(enum step_kind kind, uint64_t bytes)
{
    return STEP_IS_CALL | (uint64_t)kind << 48 | (bytes < STEP_SIZE_MAX ? bytes : STEP_SIZE_MAX);
}

_Static_assert(sizeof(struct step_header) <= STEP_MAPS_AT, "the header fits");

#endif
