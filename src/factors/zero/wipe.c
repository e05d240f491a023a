/* SPDX-License-Identifier: MIT */
#include "factors/zero/wipe.h"

#include <stdint.h>
#include <string.h>

enum { GRAIN = 16 };

#if defined(__clang__)
#    define WIPE_UNROLLED /* does so by itself */
#else
#    define WIPE_UNROLLED _Pragma("GCC unroll 32")
#endif

/* Less than a vector: up to three grains, or as many as there are. */
static inline void wipe_grains(char *block, size_t bytes)
{
    for (size_t offset = 0; offset < bytes; offset += GRAIN)
        memset(block + offset, 0, GRAIN);
}

static inline bool are_grains_wiped(const char *block, size_t bytes)
{
    uint64_t any = 0;
    for (size_t offset = 0; offset < bytes; offset += GRAIN) {
        uint64_t words[2];
        memcpy(words, block + offset, sizeof words);
        any |= words[0] | words[1];
    }
    return any == 0;
}

/* SSE2, NEON: what every processor has. */
#define WIPE_BYTES      16
#define WIPE_MIDDLE     8
#define WIPE_TARGET     /* nothing beyond */
#define WIPE_ANY(v)     ((v)[0] | (v)[1])
#define WIPE_NAME(name) name##_16
#include "factors/zero/wipe_width.h"

#if defined(__x86_64__)

#    include <immintrin.h>

#    define WIPE_BYTES      32
#    define WIPE_MIDDLE     26
#    define WIPE_TARGET     __attribute__((target("avx2")))
#    define WIPE_ANY(v)     (!_mm256_testz_si256((__m256i)(v), (__m256i)(v)))
#    define WIPE_NAME(name) name##_32
#    include "factors/zero/wipe_width.h"

#    define WIPE_BYTES      64
#    define WIPE_MIDDLE     10
#    define WIPE_TARGET     __attribute__((target("avx512f,avx512bw,avx512vl")))
#    define WIPE_ANY(v)     _mm512_test_epi64_mask((__m512i)(v), (__m512i)(v))
#    define WIPE_NAME(name) name##_64
#    include "factors/zero/wipe_width.h"

static int vector_bytes = 16;

void hak_wipe_start(void)
{
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        vector_bytes = 64;
    else if (__builtin_cpu_supports("avx2"))
        vector_bytes = 32;
}

void hak_wipe(void *block, size_t bytes)
{
    int width = vector_bytes;
    if (HAK_LIKELY(width == 64))
        wipe_64(block, bytes);
    else if (width == 32)
        wipe_32(block, bytes);
    else
        wipe_16(block, bytes);
}

bool hak_is_wiped(const void *block, size_t bytes)
{
    int width = vector_bytes;
    if (HAK_LIKELY(width == 64))
        return is_wiped_64((char *)block, bytes);
    return width == 32 ? is_wiped_32((char *)block, bytes) : is_wiped_16((char *)block, bytes);
}

#else

void hak_wipe_start(void)
{
}

void hak_wipe(void *block, size_t bytes)
{
    wipe_16(block, bytes);
}

bool hak_is_wiped(const void *block, size_t bytes)
{
    return is_wiped_16((char *)block, bytes);
}

#endif
