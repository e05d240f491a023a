/* SPDX-License-Identifier: MIT */
/* What the tests need to know of a library without asking the code under test. */
#ifndef TESTS_ELF_MARKS_H
#define TESTS_ELF_MARKS_H

#include <stdint.h>

struct code_segment {
    uint64_t offset; /* in the file */
    uint64_t bytes;
    uint64_t address;
};

/* The executable segment of the ELF file; ends the program where there is none. */
struct code_segment elf_code_segment(const char *path);

/* A symbol's address and size; ends the program where the file has no such symbol. */
uint64_t elf_symbol(const char *path, const char *name, uint64_t *bytes);

/* A section; of no bytes where there is none of that name. */
struct code_segment elf_section(const char *path, const char *name);

#endif
