/* SPDX-License-Identifier: MIT */
/* What a process had mapped as code, as its lines of /proc/PID/maps tell, which it wrote itself. */
#ifndef ANALYSIS_CODE_MAPS_H
#define ANALYSIS_CODE_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CODE_ADDRESS_END ((uint64_t)1 << 57) /* of any program's memory */

struct code_mapping {
    uint64_t start, length, offset;
    const char *path; /* in the text; empty: of no file */
};

/* The next one from `*place` on, which starts at 0. False: that was all. Lines that tell of no
 * mapping are left out; the ends of lines become ends of strings. A zero ends the text, after
 * `bytes` at the latest. */
bool code_maps_next(char *text, size_t bytes, size_t *place, struct code_mapping *mapping);

#endif
