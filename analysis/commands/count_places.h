/* SPDX-License-Identifier: MIT */
/* What each address that was executed is: asked once of the attributor and the disassembler. */
#ifndef ANALYSIS_COUNT_PLACES_H
#define ANALYSIS_COUNT_PLACES_H

#include "attribute/attribute.h"
#include "attribute/instruction_flow.h"
#include "collect/step_file.h"
#include "report/count_model.h"

struct count_place {
    uint64_t address; /* 0: this entry is empty */
    bool is_steppers; /* of the library that counts: not counted */
    enum count_group group;
    bool is_aside;    /* a header or no file of the allocator's: is no path of its own */
    const char *name; /* of its source; equal names may be different pointers */
    const char *step; /* of a malloc; or NULL */
    const char
        *symbol; /* the function it stands in, inlined or not; compares by pointer; or NULL */
    struct instruction effect;
    struct instruction_flow flow;
};

struct count_places {
    struct attributor *attributor;     /* NULL: sources are the libraries */
    struct instruction_reader *reader; /* NULL: no disassembler, by `reader_error` */
    int reader_error;
    const char *stepper; /* its library's path */
    bool is_own;         /* every allocator is the one that is asked about */
    bool has_debug_information;
    pid_t pid;
    struct code_mapping *mappings; /* in order of address */
    size_t mapping_count;
    struct count_place *entries; /* by a hash of the address; at most half are in use */
    size_t entry_count, used;
    uint64_t unread; /* addresses whose instruction could not be read */
};

/* Takes the mappings of the file, which must outlive the places. False with errno. */
bool count_places_start(struct count_places *places, struct step_file *file);
/* Without a process: as if one had mapped the attributor's library of that path from its beginning.
 */
bool count_places_start_file(struct count_places *places, const char *path, uint64_t bytes);

void count_places_finish(struct count_places *places);

bool count_places_has_mapped(const struct count_places *places, const char *path);

/* Where the byte at `offset` of the allocator's file stood in the process. */
bool count_places_address(const struct count_places *places, uint64_t offset, uint64_t *address);

/* Good until the next question. NULL with errno: memory is out, or more addresses than code has. */
const struct count_place *count_places_find(struct count_places *places, uint64_t address);

#endif
