/* SPDX-License-Identifier: MIT */
/*
 * Reads what the stepper wrote. The program could write there too, and may still be running, so
 * nothing is mapped and nothing believed: the file is damaged, or every word of it has a meaning.
 */
#ifndef ANALYSIS_STEP_FILE_H
#define ANALYSIS_STEP_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "code_maps.h"
#include "stepper/step_layout.h"

struct step_file {
    struct step_header header; /* checked; its text ends */
    char *maps;                /* ends with a line */
    uint64_t *words; /* header.words of them: header.calls calls, none without an address */
};

struct step_call {
    enum step_kind kind;
    uint64_t bytes; /* asked for; 0 of a free */
    const uint64_t *addresses;
    size_t count; /* above 0 */
};

/* `descriptor` stays the caller's. False with one line in `why`; to be closed in any case. */
bool step_file_open(struct step_file *file, int descriptor, char *why, size_t why_bytes);
void step_file_close(struct step_file *file);

/* The next one from `*place` on, which starts at 0. False: that was all. Lines that tell of no
 * mapping are left out. */
bool step_file_mapping(struct step_file *file, size_t *place, struct code_mapping *mapping);
bool step_file_call(const struct step_file *file, size_t *place, struct step_call *call);

#endif
