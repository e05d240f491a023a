/* SPDX-License-Identifier: MIT */
/* How much of a block is its program's. */
#ifndef HAK_BLOCK_ROOM_H
#define HAK_BLOCK_ROOM_H

#include "measures.h"

#include HAK_CANARY
#include HAK_HEADER

/* Bytes at a block's end that are not its program's: the canary, and behind it the next block's
 * header. */
enum { HAK_BLOCK_ROOM = HAK_CANARY_ROOM + HAK_HEADER_ROOM };

#endif
