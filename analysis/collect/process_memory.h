/* SPDX-License-Identifier: MIT */
/* Another process's memory, read while it goes on: it is not stopped. */
#ifndef ANALYSIS_PROCESS_MEMORY_H
#define ANALYSIS_PROCESS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* All of it, or false with errno: EPERM where it may not be read, ESRCH, EFAULT. */
bool process_memory_read(pid_t pid, uint64_t address, void *to, size_t bytes);

#endif
