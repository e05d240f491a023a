/* SPDX-License-Identifier: MIT */
/* The rules for leaving frames that a file has, which libdw reads from .eh_frame. */
#ifndef ANALYSIS_UNWIND_FILE_H
#define ANALYSIS_UNWIND_FILE_H

#include "unwind_rules.h"

struct unwind_file;

/* Of the file at `path`, or of one that is open, if `descriptor` is not -1; it does not stay open.
 * One that has no rules is a file all the same. NULL with errno. */
struct unwind_file *unwind_file_read(const char *path, int descriptor);
void unwind_file_destroy(struct unwind_file *file);

/* For the code at `offset` in the file; the same hold for *low <= offset < *high. False: there are
 * none. */
bool unwind_file_rules(const struct unwind_file *file, uint64_t offset, struct unwind_rules *rules,
                       uint64_t *low, uint64_t *high);

#endif
