/* SPDX-License-Identifier: MIT */
/* The library that a program is to run on, and how it gets there. */
#ifndef INSTALL_LIBRARY_H
#define INSTALL_LIBRARY_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* The whole path of the library of this soname; NULL: the one that HAKMEM_LIBRARY names, else
 * libhakmem.so. It is looked for as hakmem-trace does (collect/own_folder.h). False with one line
 * in `why`. */
bool library_find(const char *soname, char path[PATH_MAX], char *why, size_t why_bytes);

/* Puts it before whatever this process's LD_PRELOAD holds, in place of a libhakmem in it. `path` is
 * cut in two where its folder has to go to LD_LIBRARY_PATH. False with one line in `why`. */
bool library_preload(char *path, char *why, size_t why_bytes);

#endif
