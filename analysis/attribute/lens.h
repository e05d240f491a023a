/* SPDX-License-Identifier: MIT */
/*
 * What another allocator's code does, by the steps that every malloc takes. A lens is data: a file
 * of analysis/lens/ that names the allocator's functions, and where one function does several
 * things its lines, and says which step each is (format: analysis/lens/README.md). What it does not
 * name is "unknown".
 */
#ifndef ANALYSIS_LENS_H
#define ANALYSIS_LENS_H

#include <stdbool.h>
#include <stddef.h>

enum lens_step {
    LENS_HEADER,   /* reading and writing what stands beside a block: headers, chunks, tags */
    LENS_CACHE,    /* the thread's store of blocks: finding it, taking from it, giving to it */
    LENS_METADATA, /* from an address to the record of what it belongs to */
    LENS_CLASSIFY, /* from a size to a size class */
    LENS_FREELIST, /* links between free blocks */
    LENS_CHECK,    /* is the pointer, the link, the state what it should be? */
    LENS_ENTRY,    /* entry and exit of the public functions, what they decide, hooks */
    LENS_COUNTING, /* statistics, sampling, budgets of bytes and of events */
    LENS_SLOW,     /* refill, overflow, splitting and merging, arenas, the system's memory */
    LENS_LOCK,     /* locks, and atomics that others may contend for */
    LENS_UNKNOWN,
    LENS_STEPS,
    LENS_NO_STEP = LENS_STEPS, /* no rule speaks of this */
};

/* "header", "cache", ...; the first six are called like libhakmem's factors. */
extern const char *const lens_step_names[LENS_STEPS];
/* LENS_NO_STEP for NULL, and for a name that is none's. */
enum lens_step lens_step_named(const char *name);
static inline bool lens_step_is_factor(enum lens_step step)
{
    return step <= LENS_CHECK;
}

/* A function, inlined or not, on the way to a piece of code. */
struct lens_scope {
    const char *function, *file; /* NULL: not known */
    int declared;                /* line it was written in; 0: not known */
    int line;                    /* of the code, or of what is inlined there, in `file`; or 0 */
};

struct lens;

struct lens_choice {
    const struct lens *lens; /* NULL: none knows the file */
    bool is_part;            /* the allocator is a part of what the file holds: see lens_is_code */
    bool is_untold;          /* and which part can't be told: its functions are not named */
};

/* By what the file is called, else by the functions it has. `is_allocators`: it is the library of
 * an allocator, whatever it is called; else one that is known by its functions is a part of the
 * file. */
struct symbols;
struct lens_choice lens_choose(const char *path, const struct symbols *symbols, bool is_allocators);

bool lens_knows_file(const char *path);

/* Their numbers, from 1 on, are the same in every process of this build; 0 and NULL: none. */
unsigned lens_number(const struct lens *lens);
const struct lens *lens_numbered(unsigned number);

const char *lens_name(const struct lens *lens); /* "jemalloc" */
const char *
lens_debug_package(const struct lens *lens); /* that has the debug information; or NULL */

/* Files are divided into sources by their folders, as libhakmem's; steps come on top of these. */
bool lens_keeps_sources(const struct lens *lens);

/* The outermost function belongs to the allocator. */
bool lens_is_code(const struct lens *lens, const struct lens_scope *outermost);

/* Of a file that the allocator is a part of: something of it may be compiled from that source. */
bool lens_is_unit(const struct lens *lens, const char *path);

/* What one function on the way says of the code, or LENS_NO_STEP. To be asked from the innermost
 * outwards: the first step holds. */
enum lens_step lens_step_of(const struct lens *lens, const struct lens_scope *scope);

#endif
