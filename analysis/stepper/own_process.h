/* SPDX-License-Identifier: MIT */
/* What the stepper and the follower must know of the process they are in. */
#ifndef ANALYSIS_STEPPER_OWN_PROCESS_H
#define ANALYSIS_STEPPER_OWN_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

/* The executable's path, cut to `bytes`. */
void own_executable(char *path, size_t bytes);

/* Whether the executable has that name, or is shown under it by ps. */
bool own_name_is(const char *name, size_t length);

/* Memory that no allocator gave; NULL with errno. */
void *own_memory(size_t bytes, int protection);

/* What is mapped as code, as lines of /proc/PID/maps, whole ones as many as there is room for. How
 * many bytes. */
size_t own_code_maps(char *to, size_t room);

#endif
