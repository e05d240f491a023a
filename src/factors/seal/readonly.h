/* SPDX-License-Identifier: MIT */
/*
 * Measure seal, level readonly: what is written once at start (where the arena lies, the secrets,
 * the clock's function) has pages of its own, which become read-only then. Who can write anywhere
 * in the process still can't move the arena's tables, learn to forge, or have his function called.
 *
 * Where the kernel refuses, the pages stay writable: nobody is worse off than without.
 */
#ifndef HAK_FACTOR_SEAL_H
#define HAK_FACTOR_SEAL_H

#include <stddef.h>

#include "os.h"

#if defined(__x86_64__)
#    define HAK_SEAL_ALIGNED __attribute__((aligned(4096)))
#else
#    define HAK_SEAL_ALIGNED __attribute__((aligned(65536))) /* pages are up to 64 KiB there */
#endif

static inline void hak_seal(void *object, size_t bytes)
{
    (void)hak_os_make_readable(object, bytes);
}

#endif
