/* SPDX-License-Identifier: MIT */
/* What the level `pages` of the measure guard needs besides its header; see factors/guard/none.h.
 */
#ifndef HAK_GUARD_ACCESS_H
#define HAK_GUARD_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True while another span may have a guard, and the arena has addresses for one behind each slab:
 * it has not under a limit of less than 2 GiB. */
bool hak_guard_are_left(void);

bool hak_guard_open(uint32_t unit, size_t bytes);
bool hak_guard_resize(uint32_t unit, size_t from, size_t to);
bool hak_guard_close(uint32_t unit, uint32_t units);

#endif
