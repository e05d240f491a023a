/* SPDX-License-Identifier: MIT */
/* The calling thread's registers and stack, as they stand. */
#ifndef ANALYSIS_FOLLOWER_OWN_STACK_H
#define ANALYSIS_FOLLOWER_OWN_STACK_H

#include <stddef.h>
#include <stdint.h>

#include "follow_layout.h"

/* Registers that a function may overwrite are 0. At most `bytes` of the stack, as far as it can be
 * read: how many. Keeps errno. */
size_t own_stack_take(uint64_t registers[FOLLOW_REGISTERS], void *to, size_t bytes);

#endif
