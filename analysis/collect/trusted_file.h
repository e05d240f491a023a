/* SPDX-License-Identifier: MIT */
/*
 * libbpf reads the library that it puts probes on in this process, before its rights are gone. Of a
 * process that runs that is whatever it has mapped: so it is done only where nobody could have
 * written the file who has fewer rights than this process.
 */
#ifndef ANALYSIS_TRUSTED_FILE_H
#define ANALYSIS_TRUSTED_FILE_H

#include <stddef.h>

/* A descriptor of the file, to be read by that and not by its path, which others may change. -1
 * with one clause in `why`: the file is another user's, or can be written by others. Root's files
 * are trusted, and the invoking user's, but not where this program has its rights of its own file
 * (setuid, file capabilities): then root's alone. Any file is where this process has no rights. */
int trusted_file_open(const char *path, char *why, size_t why_bytes);

#endif
