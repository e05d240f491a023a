/* SPDX-License-Identifier: MIT */
/* Another process's memory, read while it goes on: it is not stopped. */
#ifndef ANALYSIS_PROCESS_MEMORY_H
#define ANALYSIS_PROCESS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Opens it, to be read also when the right to open it is gone: as long as the process goes on with
 * the program that it has now. Nothing happens where it can't be opened, or many are open. */
void process_memory_keep(pid_t pid);
void process_memory_forget(pid_t pid);

/* All of it, or false with errno: EPERM where it may not be read, ESRCH, EFAULT. */
bool process_memory_read(pid_t pid, uint64_t address, void *to, size_t bytes);

#endif
