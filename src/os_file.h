/* SPDX-License-Identifier: MIT */
/* Files without libc and without memory: those that counters, samples and metrics go to. All leave
 * errno alone. A file is a descriptor; what is below zero is -errno. */
#ifndef HAK_OS_FILE_H
#define HAK_OS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A new file, for everybody to read; -EEXIST where there is one, or a link. */
long hak_os_file_create(const char *path);

/* A new one of this process and for its user alone: `<pid>.<n><suffix>` in `folder`, whose path is
 * put together in `path`. */
long hak_os_file_create_own(char *path, size_t path_bytes, const char *folder, const char *suffix);

long hak_os_file_open(const char *path); /* for reading */
long hak_os_file_read(long file, void *to, size_t bytes);

/* 0, or -errno: nothing may be half written unsaid. */
long hak_os_file_write(long file, const char *text, size_t bytes);
void hak_os_file_close(long file);

/* 0, or -errno. What stood at `to` is replaced at one stroke. */
long hak_os_file_rename(const char *from, const char *to);
void hak_os_file_remove(const char *path);
void hak_os_file_let_read(long file); /* everybody who can reach it */

/* The first bytes of a file as text, at most one less than there is room for; false: none. */
bool hak_os_file_read_text(const char *path, char *text, size_t room);

/* Maps a part of the file for writing, with room that the disk really has, and not in children; in
 * the `place` of reserved addresses, or anywhere where that is NULL. NULL on failure. */
void *hak_os_file_map(const char *path, void *place, uint64_t start, size_t bytes);

void hak_os_own_program(char *path, size_t bytes); /* the executable's; "": not known */

#endif
