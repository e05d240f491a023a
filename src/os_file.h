/* SPDX-License-Identifier: MIT */
/* Files without libc and without memory, for what is written when a program ends. All leave errno
 * alone. Descriptors and errors are the kernel's: below zero, -errno. */
#ifndef HAK_OS_FILE_H
#define HAK_OS_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* A new file; -EEXIST where there is one, or a link. */
long hak_os_file_create(const char *path);

/* 0, or -errno: nothing may be half written unsaid. */
long hak_os_file_write(long file, const char *text, size_t bytes);
void hak_os_file_close(long file);

/* 0, or -errno. What stood at `to` is replaced at one stroke. */
long hak_os_file_rename(const char *from, const char *to);
void hak_os_file_remove(const char *path);

/* The first bytes of a file as text, at most one less than there is room for; false: none. */
bool hak_os_file_read(const char *path, char *text, size_t room);

#endif
