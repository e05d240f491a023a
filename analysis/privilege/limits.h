/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_LIMITS_H
#define ANALYSIS_LIMITS_H

#include <stdint.h>

/* Bounds this process for good: address space in bytes, open descriptors; it can't fork, write
 * files or leave a core. What is bounded more narrowly stays so. */
void limits_set(uint64_t address_space, unsigned descriptors);

#endif
