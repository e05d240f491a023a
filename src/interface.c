/* SPDX-License-Identifier: MIT */
/*
 * The other allocation functions of the C library, but those in names_for_any.c. Answers are
 * glibc's where implementations differ. Sizes above PTRDIFF_MAX are refused by the large path, with
 * ENOMEM.
 */
#include <errno.h>
#include <stdint.h>

#include "counters.h"
#include "export.h"
#include "fast_path.h"

static bool is_power_of_two(size_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

static void *aligned(size_t alignment, size_t bytes)
{
    hak_count_call(HAK_COUNT_aligned);
    return hak_aligned_malloc(alignment, bytes);
}

void *HAK_NAME(calloc)(size_t count, size_t bytes)
{
    hak_count_call(HAK_COUNT_calloc);
    return hak_calloc(count, bytes);
}

void *HAK_NAME(realloc)(void *pointer, size_t bytes)
{
    return hak_realloc(pointer, bytes);
}

void *HAK_NAME(aligned_alloc)(size_t alignment, size_t bytes)
{
    if (!is_power_of_two(alignment)) {
        errno = EINVAL;
        return NULL;
    }
    return aligned(alignment, bytes);
}

/* As in glibc, an alignment that is no power of two is rounded up to one. */
void *HAK_NAME(memalign)(size_t alignment, size_t bytes)
{
    if (alignment > SIZE_MAX / 2 + 1) {
        errno = EINVAL;
        return NULL;
    }
    size_t power = HAK_GRAIN;
    while (power < alignment)
        power *= 2;
    return aligned(power, bytes);
}

int HAK_NAME(posix_memalign)(void **result, size_t alignment, size_t bytes)
{
    if (!is_power_of_two(alignment) || alignment % sizeof(void *) != 0)
        return EINVAL;
    int saved = errno;
    void *pointer = aligned(alignment, bytes);
    errno = saved;
    if (!pointer)
        return ENOMEM;
    *result = pointer;
    return 0;
}

size_t HAK_NAME(malloc_usable_size)(void *pointer)
{
    return hak_usable_bytes(pointer);
}
