/* SPDX-License-Identifier: MIT */
/* What we tell the compiler beyond the language. */
#ifndef HAK_COMPILER_H
#define HAK_COMPILER_H

#define HAK_LIKELY(x)    __builtin_expect(!!(x), 1)
#define HAK_UNLIKELY(x)  __builtin_expect(!!(x), 0)
#define HAK_NOINLINE     __attribute__((noinline))
#define HAK_HIDDEN       __attribute__((visibility("hidden"))) /* spares a look into the GOT */
/* Begins a cache line: where the rest of the library happens to put malloc and free changes a
 * program that does little else by 2 %. */
#define HAK_ALIGNED_CODE __attribute__((aligned(64)))

/* Counters are plain words that others read while they are written: each is whole, and a sum may be
 * a moment old. ThreadSanitizer is told that this is meant. */
#define HAK_RACY __attribute__((no_sanitize("thread")))

#endif
