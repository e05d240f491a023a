/* SPDX-License-Identifier: MIT */
/* Measure seal, level none: what is written once at start can be written ever after. */
#ifndef HAK_FACTOR_SEAL_H
#define HAK_FACTOR_SEAL_H

#include <stddef.h>

#define HAK_SEAL_ALIGNED /* on a type: its objects have their pages to themselves */

/* Of an object of such a type: nothing writes to it from now on. */
static inline void hak_seal(void *object, size_t bytes)
{
    (void)object, (void)bytes;
}

#endif
