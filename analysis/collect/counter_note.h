/* SPDX-License-Identifier: MIT */
/*
 * The ELF note by which libhakmem is known in a process that runs, whatever its file is called and
 * whether there still is one, and the counters that it leads to. See src/counter_layout.h.
 */
#ifndef ANALYSIS_COUNTER_NOTE_H
#define ANALYSIS_COUNTER_NOTE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "counters.h"

/* `base`: where the beginning of an ELF file is mapped in the process. The address of the pointer
 * to its counters; 0 where it is not of libhakmem, with errno 0, or can't be read: EPERM and so on.
 */
uint64_t counter_note_find(pid_t pid, uint64_t base);

/* What stands behind that pointer now. False with errno: EPROTO, nothing that can be believed. */
bool counter_note_read(pid_t pid, uint64_t pointer, struct counters_image *image);

#endif
