/* SPDX-License-Identifier: MIT */
/*
 * Which bytes are some live block's: a bit for every 16 bytes of the address space, in parts of
 * 1 GiB that are mapped when first needed. Exact, whatever the addresses: two threads that were
 * given the same granule both set its bit, and the second is told.
 */
#ifndef TESTS_OVERLAP_MAP_H
#define TESTS_OVERLAP_MAP_H

#include <stdbool.h>
#include <stddef.h>

/* Marks the block's granules. False: one was a live block's already, `*at` is its address. */
bool overlap_claim(const void *block, size_t bytes, const void **at);

/* Takes the marks away. False: one was missing. */
bool overlap_disclaim(const void *block, size_t bytes, const void **at);

#endif
