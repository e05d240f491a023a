/* SPDX-License-Identifier: MIT */
/* What we tell the compiler beyond the language. */
#ifndef HAK_COMPILER_H
#define HAK_COMPILER_H

#define HAK_LIKELY(x)   __builtin_expect(!!(x), 1)
#define HAK_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define HAK_NOINLINE    __attribute__((noinline))
#define HAK_HIDDEN      __attribute__((visibility("hidden"))) /* spares a look into the GOT */

/* Counters are plain words that others read while they are written: each is whole, and a sum may be
 * a moment old. ThreadSanitizer is told that this is meant. */
#define HAK_RACY __attribute__((no_sanitize("thread")))

#endif
