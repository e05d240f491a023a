/* SPDX-License-Identifier: MIT */
/* The range of addresses that the arena reserves once, with its tables before its units, and how
 * much of it is in use: arena.h has the rest. */
#ifndef HAK_ARENA_RANGE_H
#define HAK_ARENA_RANGE_H

#include <stdbool.h>
#include <stddef.h>

/* Makes at least `units` usable, of those reserved, and their part of the tables; from the start,
 * by a quarter more at a time, exactly where that fails. Under the arena's lock. False: no memory.
 */
bool hak_arena_commit(size_t units);

#endif
