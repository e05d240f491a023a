/* SPDX-License-Identifier: MIT */
/* What a span in use held goes when it is given back: before it can be anybody else's. */
#ifndef HAK_RELEASE_H
#define HAK_RELEASE_H

#include <stdbool.h>
#include <stdint.h>

/* Its contents go at once, where a measure of hardening wants it so. True: and so did its memory.
 */
bool hak_release(uint32_t unit);

/* No block is in use in these units, so all their states (see factors/check/state.h) are 0: the
 * memory they stand in goes, as far as it is whole pages. */
void hak_release_states(uint32_t unit, uint32_t units);

#endif
