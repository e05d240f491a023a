/* SPDX-License-Identifier: MIT */
/*
 * What every format of stacks prints: paths of places in code, each with several values. Reports of
 * call paths are turned into this once, and a format computes nothing, so that none can disagree.
 *
 *     path  3 places, innermost first    values: 2 samples, 4 ms, 96 bytes
 *             |
 *           place  malloc                in no file
 *           place  app + 0x1234          lines: node_new (node.h:7), inlined in insert (tree.c:40)
 *           place  app + 0x2345          lines: main (main.c:12)
 *
 * Texts are not copied: they must live as long as the stacks do.
 */
#ifndef ANALYSIS_STACKS_H
#define ANALYSIS_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STACKS_TYPES_MOST = 6, STACKS_NO_MODULE = -1 };

/* What a value means, in the words of pprof: "alloc_space", "bytes". */
struct stacks_type {
    const char *name, *unit;
};

/* A file that code stands in, where the first process that was met had it. */
struct stacks_module {
    const char *path;
    const char *build_id;  /* hexadecimal digits, or NULL */
    uint64_t start, limit; /* addresses; no two modules' overlap */
    uint64_t offset;       /* of `start` in the file */
};

/* A function that a place stands in. */
struct stacks_line {
    const char *function; /* never NULL */
    const char *file;     /* NULL: not known */
    int line;             /* of the code, of an outer function of the call; 0: not known */
};

struct stacks_place {
    int module;                    /* its index, or STACKS_NO_MODULE: the place has no address */
    uint64_t address;              /* in the module's range; 0: none */
    size_t first_line, line_count; /* the innermost first; one at least */
};

struct stacks_path {
    size_t first, count; /* in `steps`, the innermost first; one at least */
    int64_t values[STACKS_TYPES_MOST];
};

struct stacks {
    char *const *command;
    const struct stacks_type *types;
    size_t type_count;
    size_t shown;       /* the type to begin with */
    int64_t period;     /* of the first type that is sampled, in its unit; 0: none */
    size_t period_type; /* the type that it is of */
    uint64_t began_ns;  /* since 1970 */
    uint64_t lasted_ns;
    struct stacks_module *modules;
    struct stacks_place *places;
    struct stacks_line *lines;
    struct stacks_path *paths;
    size_t *steps; /* indexes of places */
    size_t module_count, place_count, line_count, path_count, step_count;
    size_t module_room, place_room, line_room, path_room, step_room;
    bool no_memory; /* something is missing */
};

/* All zeroes is empty. Each of these adds one and returns its index; 0 with no_memory set where
 * there is none left. A range that overlaps another module's is moved behind all. */
int stacks_add_module(struct stacks *stacks, const struct stacks_module *module);

/* At an offset in the module's file, or in none. Lines are added to the last place. */
size_t stacks_add_place(struct stacks *stacks, int module, uint64_t offset);
void stacks_add_line(struct stacks *stacks, const struct stacks_line *line);

/* `values` has one for each type. */
void stacks_add_path(struct stacks *stacks, const size_t *places, size_t count,
                     const int64_t *values);

void stacks_finish(struct stacks *stacks);

/* The type's index, or -1. */
int stacks_find_type(const struct stacks *stacks, const char *name);

/* Calls `visit` for each function of a path, the outermost first. */
void stacks_walk(const struct stacks *stacks, const struct stacks_path *path,
                 void (*visit)(void *context, const struct stacks_line *line), void *context);

#endif
