/* SPDX-License-Identifier: MIT */
/*
 * What is outside of the parsers, made of an input: it stands in the place of other processes'
 * memory and files, of the reader, and of rights that are given up. Linked into every harness; what
 * a harness does not set is not there.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include <stddef.h>
#include <stdint.h>

/* Where the memory of every process begins. */
#define WORLD_MEMORY_AT UINT64_C(0x550000000000)

/* Forgets everything; the bytes stay the harness's. */
void world_clear(void);

void world_set_memory(const uint8_t *bytes, size_t count);

/* What monitor_open_process opens under this name, which is a constant. */
void world_set_process_file(const char *name, const uint8_t *bytes, size_t count);

/* What readers answer, one after the other: parts with a length of 16 bits before each. */
void world_set_answers(const uint8_t *bytes, size_t count);

/* A file in memory that holds these bytes from `offset` on; closed by the caller. */
int world_file(const uint8_t *bytes, size_t count, uint64_t offset);

/* A path that leads to it, until the next call. */
const char *world_path(int file);

#endif
