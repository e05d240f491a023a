/* SPDX-License-Identifier: MIT */
/*
 * Clearing whole blocks, and finding them clear, in the widest vectors the processor has. libc's
 * memset branches by length, and in a program that frees blocks of all sizes such branches are
 * guessed wrong about once a call: here lengths fall into few ranges, and within one every length
 * takes the same instructions.
 */
#ifndef HAK_WIPE_H
#define HAK_WIPE_H

#include <stdbool.h>
#include <stddef.h>

#include "compiler.h"

/* Looks at the processor; called once, before any block is handed out. Without, all is well but
 * slow. */
HAK_HIDDEN void hak_wipe_start(void);

/* Both of a multiple of 16 bytes, at least 16. */
HAK_HIDDEN void hak_wipe(void *block, size_t bytes);
HAK_HIDDEN bool hak_is_wiped(const void *block, size_t bytes);

#endif
