/* SPDX-License-Identifier: MIT */
/*
 * The rule that turns the file a function was written in into the name of a source:
 *
 *     .../factors/cache/magazine.h   -> "cache", a factor
 *     .../src/refill.c               -> "refill"
 *     /usr/include/...               -> none: what is inlined from there belongs to its caller
 */
#ifndef ANALYSIS_SOURCE_NAME_H
#define ANALYSIS_SOURCE_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the name, cut to `bytes`. False where the file names no source. */
bool source_name_of(const char *file, char *name, size_t bytes, bool *is_factor);

#endif
