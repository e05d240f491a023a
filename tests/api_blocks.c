/* SPDX-License-Identifier: MIT */
/* api_probe's cases about blocks that are handed out: alignment, contents, sizes, errno. */
#include "api_cases.h"
#include "support/process.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAY(...) snprintf(answer, API_ANSWER_BYTES, __VA_ARGS__)

static const size_t sample_sizes[] = {0,      1,       8,       15,       16,      17,    24,
                                      100,    128,     129,     1000,     1024,    1025,  4096,
                                      8191,   8192,    8193,    32768,    32769,   65536, 65537,
                                      131072, 1 << 20, 3 << 20, 33 << 20, 70 << 20};

#define FOR_EACH_SIZE(n)                                                                           \
    for (size_t i_##n = 0, n;                                                                      \
         i_##n < sizeof sample_sizes / sizeof sample_sizes[0] && (n = sample_sizes[i_##n], true);  \
         i_##n++)

static void malloc_aligned(char *answer, const char *word)
{
    for (size_t n = 0; n <= 5000; n++) {
        void *p = malloc(n);
        if (!p || (uintptr_t)p % 16) {
            SAY("malloc(%zu) is %p", n, p);
            return;
        }
    }
    FOR_EACH_SIZE(n)
    {
        void *p = malloc(n), *q = calloc(1, n), *r = realloc(malloc(1), n + 1);
        if (!p || !q || !r || ((uintptr_t)p | (uintptr_t)q | (uintptr_t)r) % 16) {
            SAY("size %zu: %p %p %p", n, p, q, r);
            return;
        }
    }
    SAY("yes");
}

static void zero_size_unique(char *answer, const char *word)
{
    void *p[64];
    for (int i = 0; i < 64; i++) {
        p[i] = i % 3 == 0 ? malloc(0) : i % 3 == 1 ? calloc(0, 8) : realloc(NULL, 0);
        for (int j = 0; j < i; j++) {
            if (!p[i] || p[i] == p[j]) {
                SAY("%d is %p, %d is %p", i, p[i], j, p[j]);
                return;
            }
        }
    }
    for (int i = 0; i < 64; i++)
        free(p[i]);
    SAY("yes");
}

static void realloc_zero(char *answer, const char *word)
{
    size_t before = resident_kb();
    for (int i = 0; i < 4000; i++) {
        char *p = malloc(100000);
        memset(p, 1, 100000);
        void *q = realloc(p, opaque_size(0));
        if (q) {
            SAY("pointer");
            return;
        }
    }
    SAY(resident_kb() < before + 32 * 1024 ? "NULL, freed" : "NULL, not freed");
}

static void realloc_contents(char *answer, const char *word)
{
    FOR_EACH_SIZE(from)
    FOR_EACH_SIZE(to)
    {
        if (from > 4 << 20 && to > 4 << 20)
            continue;
        unsigned char *p = malloc(from);
        size_t kept = from < to ? from : to;
        for (size_t k = 0; k < from; k += 509)
            p[k] = (unsigned char)(k / 509 + from);
        unsigned char *q = realloc(p, to + 1);
        for (size_t k = 0; k < kept; k += 509) {
            if (q[k] != (unsigned char)(k / 509 + from)) {
                SAY("%zu to %zu: byte %zu changed", from, to + 1, k);
                return;
            }
        }
        free(q);
    }
    SAY("yes");
}

static void aligned_realloc_contents(char *answer, const char *word)
{
    for (size_t alignment = 16; alignment <= 1 << 20; alignment *= 2) {
        FOR_EACH_SIZE(n)
        {
            if (n > 1 << 20)
                continue;
            char *p = memalign(alignment, 3000);
            memset(p, 'k', 3000);
            char *q = realloc(p, n + 1);
            size_t kept = n + 1 < 3000 ? n + 1 : 3000;
            for (size_t k = 0; k < kept; k++) {
                if (q[k] != 'k') {
                    SAY("alignment %zu, 3000 to %zu: byte %zu changed", alignment, n + 1, k);
                    return;
                }
            }
            free(q);
        }
    }
    SAY("yes");
}

static void calloc_zeroes(char *answer, const char *word)
{
    FOR_EACH_SIZE(n)
    for (int round = 0; round < 4; round++) {
        char *dirty[4], *clean[4];
        for (int i = 0; i < 4; i++) {
            dirty[i] = malloc(n);
            memset(dirty[i], 0xee, malloc_usable_size(dirty[i]));
        }
        for (int i = 0; i < 4; i++)
            free(dirty[i]);
        for (int i = 0; i < 4; i++) {
            clean[i] = calloc(n, 1);
            for (size_t k = 0; k < n; k++) {
                if (clean[i][k]) {
                    SAY("calloc(%zu): byte %zu is %d", n, k, clean[i][k]);
                    return;
                }
            }
        }
        for (int i = 0; i < 4; i++)
            free(clean[i]);
    }
    SAY("yes");
}

/* Fills every usable byte of a set of neighbours, then looks at all of them. */
static bool usable_bytes_are_apart(size_t n, size_t alignment, char *answer)
{
    enum { BLOCKS = 40 };
    unsigned char *p[BLOCKS];
    size_t usable[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
        p[i] = alignment ? memalign(alignment, n) : malloc(n);
        usable[i] = malloc_usable_size(p[i]);
        if (usable[i] < n) {
            SAY("size %zu: usable %zu", n, usable[i]);
            return false;
        }
        memset(p[i], i + 1, usable[i]);
    }
    for (int i = 0; i < BLOCKS; i++) {
        for (size_t k = 0; k < usable[i]; k++) {
            if (p[i][k] != i + 1) {
                SAY("size %zu alignment %zu: byte %zu of %zu changed", n, alignment, k, usable[i]);
                return false;
            }
        }
    }
    for (int i = 0; i < BLOCKS; i++)
        free(p[i]);
    return true;
}

static void usable_writable(char *answer, const char *word)
{
    for (size_t n = 0; n < 2048; n += n < 300 ? 1 : 37)
        if (!usable_bytes_are_apart(n, 0, answer))
            return;
    FOR_EACH_SIZE(n)
    if (n <= 1 << 20 && !usable_bytes_are_apart(n, 0, answer))
        return;
    SAY("yes");
}

static void usable_writable_aligned(char *answer, const char *word)
{
    for (size_t alignment = 32; alignment <= 1 << 17; alignment *= 4)
        FOR_EACH_SIZE(n)
    if (n <= 1 << 17 && !usable_bytes_are_apart(n, alignment, answer))
        return;
    SAY("yes");
}

static void usable_of_null(char *answer, const char *word)
{
    SAY("%zu", malloc_usable_size(opaque(NULL)));
}

static void free_keeps_errno(char *answer, const char *word)
{
    FOR_EACH_SIZE(n)
    {
        void *p = malloc(n), *q = memalign(4096, n);
        errno = 4242;
        free(p);
        free(q);
        free(opaque(NULL));
        if (errno != 4242) {
            SAY("size %zu: errno is %d", n, errno);
            return;
        }
    }
    SAY("yes");
}

static void *align_by(const char *word, size_t alignment, size_t size)
{
    void *p = NULL;
    if (strcmp(word, "memalign") == 0)
        return memalign(alignment, size);
    if (strcmp(word, "aligned_alloc") == 0)
        return aligned_alloc(alignment, size);
    return posix_memalign(&p, alignment, size) == 0 ? p : NULL;
}

static void alignments(char *answer, const char *word)
{
    for (size_t alignment = sizeof(void *); alignment <= 1ul << 30; alignment *= 2) {
        size_t sizes[] = {1, 100, alignment, alignment + 1, 70000};
        for (int i = 0; i < 5; i++) {
            char *p[3];
            for (int k = 0; k < 3; k++) {
                p[k] = align_by(word, alignment, sizes[i]);
                if (!p[k] || (uintptr_t)p[k] % alignment) {
                    SAY("alignment %zu size %zu: %p", alignment, sizes[i], (void *)p[k]);
                    return;
                }
                p[k][0] = p[k][sizes[i] - 1] = 1;
            }
            for (int k = 0; k < 3; k++)
                free(p[k]);
        }
    }
    SAY("yes");
}

static void page_aligned(char *answer, const char *word)
{
    bool pages = word[0] == 'p';
    for (size_t n = 0; n < 20000; n += 999) {
        char *p = pages ? pvalloc(n) : valloc(n);
        size_t whole = pages ? (n + 4095) & ~4095ul : n;
        if (!p || (uintptr_t)p % 4096 || malloc_usable_size(p) < whole) {
            SAY("%s(%zu): %p", word, n, (void *)p);
            return;
        }
        memset(p, 1, whole);
        free(p);
    }
    SAY("yes");
}

/* Frees by the named call; a call that frees nothing shows in resident memory. */
static void frees_by(char *answer, const char *word)
{
    void *call = dlsym(RTLD_DEFAULT, word);
    if (!call) {
        SAY("absent");
        return;
    }
    bool with_alignment = strcmp(word, "free_aligned_sized") == 0;
    size_t before = resident_kb();
    for (int i = 0; i < 4000; i++) {
        size_t size = i % 2 ? 100000 : 1000;
        char *p = with_alignment ? aligned_alloc(64, size) : malloc(size);
        memset(p, 1, size);
        if (with_alignment)
            ((void (*)(void *, size_t, size_t))call)(p, 64, size);
        else
            ((void (*)(void *, size_t))call)(p, size);
    }
    SAY(resident_kb() < before + 32 * 1024 ? "yes" : "no: memory grows");
}

static void aliases_mix(char *answer, const char *word)
{
    void *(*allocate)(size_t) = dlsym(RTLD_DEFAULT, "__libc_malloc");
    void (*release)(void *) = dlsym(RTLD_DEFAULT, "__libc_free");
    if (!allocate || !release) {
        SAY("absent");
        return;
    }
    for (int i = 0; i < 10000; i++) {
        char *p = allocate(100), *q = malloc(100);
        memset(p, 1, 100);
        memset(q, 1, 100);
        free(p);
        release(q);
    }
    SAY("yes");
}

const struct api_case api_blocks[] = {
    {"malloc, calloc, realloc align to 16", malloc_aligned, "", "yes"},
    {"size 0 gives unique pointers", zero_size_unique, "", "yes"},
    {"realloc(p, 0)", realloc_zero, "", "NULL, freed"},
    {"realloc keeps contents, any size to any", realloc_contents, "", "yes"},
    {"realloc keeps contents of aligned blocks", aligned_realloc_contents, "", "yes"},
    {"calloc zeroes reused memory", calloc_zeroes, "", "yes"},
    {"every usable byte may be written", usable_writable, "", "yes"},
    {"and of aligned blocks", usable_writable_aligned, "", "yes"},
    {"malloc_usable_size(NULL)", usable_of_null, "", "0"},
    {"free keeps errno", free_keeps_errno, "", "yes"},
    {"memalign up to 1 GiB", alignments, "memalign", "yes"},
    {"aligned_alloc up to 1 GiB", alignments, "aligned_alloc", "yes"},
    {"posix_memalign up to 1 GiB", alignments, "posix_memalign", "yes"},
    {"valloc gives whole alignment", page_aligned, "valloc", "yes"},
    {"pvalloc gives whole pages", page_aligned, "pvalloc", "yes"},
    {"free_sized frees", frees_by, "free_sized", "yes"},
    {"free_aligned_sized frees", frees_by, "free_aligned_sized", "yes"},
    {"cfree frees", frees_by, "cfree", "yes"},
    {"__libc_malloc mixes with free, and so on", aliases_mix, "", "yes"},
    {NULL, NULL, NULL, NULL},
};
