/* SPDX-License-Identifier: MIT */
/*
 * Reads what the follower wrote, or libhakmem. The program could write there too, and may still be
 * running, so nothing is mapped and nothing believed: a record that can't be is the end.
 */
#ifndef ANALYSIS_FOLLOW_FILE_H
#define ANALYSIS_FOLLOW_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "follow_layout.h"

struct follow_file {
    int descriptor;
    struct follow_header header; /* its text ends */
    uint64_t place;              /* of the next record */
    char *buffer;                /* of the record at hand */
};

/* `magic`: which of them, see follow_layout.h. `descriptor` stays the caller's. False where it is
 * no such file, or memory is out; to be closed in any case. */
bool follow_file_open(struct follow_file *file, int descriptor, const char *magic);
void follow_file_close(struct follow_file *file);

/* The next record that was finished, whole and of a kind that is known, until the next call: its
 * texts lie in it, a zero follows. NULL: that was all. */
struct follow_record *follow_file_next(struct follow_file *file);
void follow_file_rewind(struct follow_file *file);

#endif
