/* SPDX-License-Identifier: MIT */
/*
 * Files, as a library reads and writes them that was loaded into somebody else's program: nothing
 * is allocated, no call is a cancellation point, no descriptor stays open.
 */
#ifndef ANALYSIS_RECORDER_OWN_FILES_H
#define ANALYSIS_RECORDER_OWN_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As text, cut to `bytes`. False where it can't be read. */
bool own_read(const char *path, char *text, size_t bytes);

/* The value of an environment variable, at any time. False: not set, too long, or the program is
 * setuid or the like. */
bool own_variable(const char *name, char *value, size_t bytes);

/* Maps a part of the file for writing, with room that the disk really has, and not in children; at
 * `place`, or anywhere where that is NULL. NULL with errno. */
void *own_map(const char *path, int flags, void *place, uint64_t start, uint64_t bytes);

#endif
