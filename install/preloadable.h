/* SPDX-License-Identifier: MIT */
/* Whether a library can be preloaded into a program, as far as the program's file tells. */
#ifndef INSTALL_PRELOADABLE_H
#define INSTALL_PRELOADABLE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * False with one clause in `why` ("/bin/su is setuid") where the dynamic linker will leave
 * LD_PRELOAD out or is not run: static programs, those of another C library or processor, and
 * those that get rights of their file's. `program` is looked up in PATH as execvp(3) does; of a
 * script its interpreter is looked at. True also for what can't be read or is not there: exec will
 * say so.
 */
bool can_be_preloaded(const char *program, char *why, size_t why_bytes);

#endif
