/* SPDX-License-Identifier: MIT */
/* The function symbols of an ELF file, by address. */
#ifndef ANALYSIS_SYMBOLS_H
#define ANALYSIS_SYMBOLS_H

#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "name_pool.h"

struct symbol {
    uint64_t address;
    uint64_t bytes;   /* 0: to the next symbol */
    const char *name; /* pooled */
};

struct symbols {
    struct symbol *items;
    size_t count;
    size_t capacity;
    struct symbol *aliases; /* the other names of addresses, once sorted */
    size_t alias_count;
};

/* Adds the functions of .symtab and .dynsym. False when memory is out; broken entries are left out.
 */
bool symbols_add(struct symbols *symbols, Elf *elf, struct name_pool *names);
/* To be called once after the last symbols_add. */
void symbols_sort(struct symbols *symbols);
void symbols_finish(struct symbols *symbols);

/* Index of the function that covers `address`, or SIZE_MAX. The same is true of all low <= address
 * < high. */
size_t symbols_find(const struct symbols *symbols, uint64_t address, uint64_t *low, uint64_t *high);

/* A function of that name, or of which it is another name: the name it is listed by, or NULL. */
const char *symbols_listed_name(const struct symbols *symbols, const char *name);

#endif
