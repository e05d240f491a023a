/* SPDX-License-Identifier: MIT */
/* api_probe's cases about requests that must be refused, without harm. */
#include "api_cases.h"
#include "support/process.h"

#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAY(...) snprintf(answer, API_ANSWER_BYTES, __VA_ARGS__)

static const char *errno_name(int number)
{
    return number == 0        ? "no errno"
           : number == ENOMEM ? "ENOMEM"
           : number == EINVAL ? "EINVAL"
                              : "other";
}

static const size_t too_large[] = {PTRDIFF_MAX,
                                   (size_t)PTRDIFF_MAX + 1,
                                   (size_t)PTRDIFF_MAX + 4096,
                                   SIZE_MAX - 4096,
                                   SIZE_MAX - 17,
                                   SIZE_MAX - 10,
                                   SIZE_MAX - 1,
                                   SIZE_MAX,
                                   1ul << 60,
                                   1ul << 47};

static void *ask_call(const char *call, size_t size)
{
    void *p = NULL;
    errno = 0;
    size = opaque_size(size);
    if (strcmp(call, "malloc") == 0)
        return malloc(size);
    if (strcmp(call, "calloc") == 0)
        return calloc(1, size);
    if (strcmp(call, "valloc") == 0)
        return valloc(size);
    if (strcmp(call, "pvalloc") == 0)
        return pvalloc(size);
    if (strcmp(call, "memalign") == 0)
        return memalign(64, size);
    if (strcmp(call, "aligned_alloc") == 0)
        return aligned_alloc(64, size);
    errno = posix_memalign(&p, 64, size);
    return p;
}

static void refuses_too_large(char *answer, const char *word)
{
    for (size_t i = 0; i < sizeof too_large / sizeof too_large[0]; i++) {
        void *p = ask_call(word, too_large[i]);
        if (p || errno != ENOMEM) {
            SAY("%#zx: %s, %s", too_large[i], p ? "pointer" : "NULL", errno_name(errno));
            return;
        }
    }
    SAY("NULL, ENOMEM");
}

static void realloc_refused(char *answer, const char *word)
{
    size_t sizes[] = {1, 100, 5000, 100000, 3 << 20};
    for (int s = 0; s < 5; s++) {
        char *p = malloc(sizes[s]);
        memset(p, 'k', sizes[s]);
        for (size_t i = 0; i < sizeof too_large / sizeof too_large[0]; i++) {
            errno = 0;
            char *q = word[0] ? reallocarray(p, 1, opaque_size(too_large[i]))
                              : realloc(p, opaque_size(too_large[i]));
            if (q || errno != ENOMEM) {
                SAY("%#zx: %s, %s", too_large[i], q ? "pointer" : "NULL", errno_name(errno));
                return;
            }
        }
        for (size_t k = 0; k < sizes[s]; k++) {
            if (p[k] != 'k') {
                SAY("block of %zu lost byte %zu", sizes[s], k);
                return;
            }
        }
        free(p);
    }
    SAY("NULL, ENOMEM, p kept");
}

static void products_refused(char *answer, const char *word)
{
    size_t factors[][2] = {{SIZE_MAX, 2},          {2, SIZE_MAX},
                           {1ul << 32, 1ul << 32}, {(1ul << 32) + 1, (1ul << 32) + 1},
                           {SIZE_MAX / 2 + 1, 2},  {SIZE_MAX / 3 + 1, 3},
                           {1ul << 63, 16}};
    for (int i = 0; i < 7; i++) {
        char *kept = malloc(10);
        memset(kept, 'k', 10);
        errno = 0;
        size_t a = opaque_size(factors[i][0]), b = opaque_size(factors[i][1]);
        void *p = word[0] == 'c' ? calloc(a, b) : reallocarray(kept, a, b);
        if (p || errno != ENOMEM || kept[0] != 'k' || kept[9] != 'k') {
            SAY("%#zx * %#zx: %s, %s", a, b, p ? "pointer" : "NULL", errno_name(errno));
            return;
        }
        free(kept);
    }
    SAY("NULL, ENOMEM");
}

/* Any alignment x any size near the limit: a refusal, or a block that is aligned and long enough.
 */
static void aligned_near_limit(char *answer, const char *word)
{
    size_t alignments[] = {1ul << 31,       1ul << 40, 1ul << 47,       1ul << 48,
                           1ul << 61,       1ul << 62, (1ul << 62) + 1, (1ul << 62) + 4096,
                           (1ul << 63) - 1, 1ul << 63, (1ul << 63) + 1, SIZE_MAX - 1,
                           SIZE_MAX};
    size_t sizes[] = {0, 1, 16, 4096, 1ul << 20, 1ul << 62, 1ul << 63, SIZE_MAX - 4096, SIZE_MAX};
    for (int a = 0; a < 13; a++) {
        for (int s = 0; s < 9; s++) {
            size_t alignment = opaque_size(alignments[a]), size = opaque_size(sizes[s]);
            char *p = NULL;
            errno = 0;
            if (word[0] == 'm')
                p = memalign(alignment, size);
            else if (word[0] == 'a')
                p = aligned_alloc(alignment, size);
            else
                errno = posix_memalign((void **)&p, alignment, size);
            if (p && ((uintptr_t)p % alignment || size > 1 << 20)) {
                SAY("alignment %#zx size %#zx: %p", alignment, size, (void *)p);
                return;
            }
            if (p)
                memset(p, 1, size);
            if (!p && errno != ENOMEM && errno != EINVAL) {
                SAY("alignment %#zx size %#zx: %s", alignment, size, errno_name(errno));
                return;
            }
            free(p);
        }
    }
    void *after = malloc(100);
    SAY(after ? "refused or right" : "malloc(100) fails after it");
}

static void posix_memalign_bad(char *answer, const char *word)
{
    size_t bad[] = {0, 1, 2, 4, 12, 24, 3 * 4096, 1000, SIZE_MAX};
    for (int i = 0; i < 9; i++) {
        void *p = answer;
        errno = 4242;
        int result = posix_memalign(&p, opaque_size(bad[i]), 64);
        if (result != EINVAL || p != answer || errno != 4242) {
            SAY("alignment %zu: %s, errno %d", bad[i], errno_name(result), errno);
            return;
        }
    }
    SAY("EINVAL, pointer and errno kept");
}

static void posix_memalign_large(char *answer, const char *word)
{
    void *p = answer;
    errno = 4242;
    int result = posix_memalign(&p, 64, opaque_size(SIZE_MAX - 4096));
    SAY("%s, pointer %s", errno_name(result), p == answer ? "kept" : "changed");
}

static void aligned_alloc_bad(char *answer, const char *word)
{
    size_t bad[] = {0, 3, 24, 100, 3 * 4096};
    for (int i = 0; i < 5; i++) {
        errno = 0;
        void *p = aligned_alloc(opaque_size(bad[i]), 96);
        if (p || errno != EINVAL) {
            SAY("%zu: %s, %s", bad[i], p ? "pointer" : "NULL", errno_name(errno));
            return;
        }
    }
    SAY("NULL, EINVAL");
}

static void aligned_alloc_odd_size(char *answer, const char *word)
{
    char *p = aligned_alloc(64, opaque_size(70));
    SAY(p && (uintptr_t)p % 64 == 0 ? "pointer" : "NULL");
}

/* glibc takes the next power of two; refusing is right too. What is not right is less alignment. */
static void memalign_odd(char *answer, const char *word)
{
    size_t odd[] = {3, 24, 100, 3 * 4096};
    for (int i = 0; i < 4; i++) {
        for (int k = 0; k < 5; k++) {
            errno = 0;
            char *p = memalign(opaque_size(odd[i]), 40);
            size_t up = 16;
            while (up < odd[i])
                up *= 2;
            if (p ? (uintptr_t)p % up != 0 : errno != EINVAL) {
                SAY("%zu: %p, %s", odd[i], (void *)p, errno_name(errno));
                return;
            }
        }
    }
    SAY("rounded up or EINVAL");
}

static void memalign_small(char *answer, const char *word)
{
    /* volatile: clang 14 crashes where it unrolls memalign(0). */
    for (volatile size_t alignment = 0; alignment <= 16;
         alignment = alignment ? alignment * 2 : 1) {
        char *p = memalign(alignment, 40);
        if (!p || (uintptr_t)p % 16) {
            SAY("memalign(%zu): %p", alignment, (void *)p);
            return;
        }
        free(p);
    }
    SAY("pointer");
}

static void pvalloc_wraps(char *answer, const char *word)
{
    errno = 0;
    void *p = pvalloc(opaque_size(SIZE_MAX - 10));
    SAY("%s, %s", p ? "pointer" : "NULL", errno_name(errno));
}

static void works_after_refusals(char *answer, const char *word)
{
    for (int i = 0; i < 1000; i++) {
        if (malloc(opaque_size(1ul << 47)) || calloc(opaque_size(1ul << 33), 1ul << 14)) {
            SAY("pointer");
            return;
        }
        char *p = malloc((size_t)i * 97);
        memset(p, 1, (size_t)i * 97);
        free(p);
    }
    SAY("yes");
}

const struct api_case api_refusals[] = {
    {"malloc above the limit", refuses_too_large, "malloc", "NULL, ENOMEM"},
    {"calloc above the limit", refuses_too_large, "calloc", "NULL, ENOMEM"},
    {"valloc above the limit", refuses_too_large, "valloc", "NULL, ENOMEM"},
    {"pvalloc above the limit", refuses_too_large, "pvalloc", "NULL, ENOMEM"},
    {"memalign above the limit", refuses_too_large, "memalign", "NULL, ENOMEM"},
    {"aligned_alloc above the limit", refuses_too_large, "aligned_alloc", "NULL, ENOMEM"},
    {"posix_memalign above the limit", refuses_too_large, "posix_memalign", "NULL, ENOMEM"},
    {"realloc above the limit", realloc_refused, "", "NULL, ENOMEM, p kept"},
    {"reallocarray above the limit", realloc_refused, "array", "NULL, ENOMEM, p kept"},
    {"calloc whose product overflows", products_refused, "calloc", "NULL, ENOMEM"},
    {"reallocarray whose product overflows", products_refused, "reallocarray", "NULL, ENOMEM"},
    {"memalign, any alignment x size at the limit", aligned_near_limit, "memalign",
     "refused or right"},
    {"aligned_alloc, the same", aligned_near_limit, "aligned_alloc", "refused or right"},
    {"posix_memalign, the same", aligned_near_limit, "posix_memalign", "refused or right"},
    {"posix_memalign, bad alignments", posix_memalign_bad, "", "EINVAL, pointer and errno kept"},
    {"posix_memalign, refused size", posix_memalign_large, "", "ENOMEM, pointer kept"},
    {"aligned_alloc, bad alignments", aligned_alloc_bad, "", "NULL, EINVAL"},
    {"aligned_alloc(64, 70)", aligned_alloc_odd_size, "", "pointer"},
    {"memalign, odd alignments", memalign_odd, "", "rounded up or EINVAL"},
    {"memalign, alignments of 0 to 16", memalign_small, "", "pointer"},
    {"pvalloc(SIZE_MAX - 10)", pvalloc_wraps, "", "NULL, ENOMEM"},
    {"small requests work between refusals", works_after_refusals, "", "yes"},
    {NULL, NULL, NULL, NULL},
};
