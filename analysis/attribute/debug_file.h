/* SPDX-License-Identifier: MIT */
/*
 * Opening ELF files, and finding the file that holds a library's debug information: the library
 * itself, else /usr/lib/debug by build id, else its .gnu_debuglink. Nothing is ever downloaded.
 */
#ifndef ANALYSIS_DEBUG_FILE_H
#define ANALYSIS_DEBUG_FILE_H

#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_file {
    int descriptor; /* -1: not open */
    Elf *elf;       /* read, not mapped: a file that shrinks under us costs no SIGBUS */
};

/* 0, or -1 with errno set: ENOEXEC where it is no ELF file. Only regular files are opened. */
int elf_file_open(struct elf_file *file, const char *path);

/* The same of a file that is open, and stays so. */
int elf_file_open_again(struct elf_file *file, int descriptor);
void elf_file_close(struct elf_file *file);

/* What the file's symbols and debug information call the byte of code at `offset` in the file.
 * False where no code is. */
bool elf_address_of(Elf *elf, uint64_t offset, uint64_t *address);

/* libdw takes it for granted that the tables of strings end with the end of a string. */
bool elf_strings_end(Elf *elf);

enum { BUILD_ID_MOST = 64 };

/* The build id in hexadecimal digits; empty where the file has none, or a longer one. */
void elf_build_id(Elf *elf, char *digits, size_t room);

/* Opens the separate debug file of the open library `file` at `path`. -1 where there is none. */
int debug_file_open(struct elf_file *debug, const struct elf_file *file, const char *path);

#endif
