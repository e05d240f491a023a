/* SPDX-License-Identifier: MIT */
#include "factors/sized/sized.h"

#include "factors.h"
#include "huge.h"
#include "large.h"
#include "os.h"
#include "slow_path.h"

/* A large or huge block is no longer than it has to be; see large.c, huge.c. */
static bool is_length(size_t bytes, size_t grain, size_t length)
{
    return bytes <= length && length - bytes < grain;
}

static bool is_right_span(const void *pointer, size_t bytes, size_t size_class)
{
    size_t length = hak_large_bytes(pointer);
    return size_class == HAK_CLASSES && is_length(bytes == 0 ? 1 : bytes, HAK_LARGE_GRAIN, length);
}

bool hak_size_is_right(const void *pointer, size_t bytes, size_t alignment)
{
    uint64_t word = 0;
    if (!pointer)
        return true;
    size_t size_class = hak_aligned_class(bytes, alignment);
    if (!metadata_find(pointer, &word)) {
        size_t length = hak_huge_bytes(pointer);
        return length == 0 || is_length(bytes, hak_os_page_bytes(), length);
    }
    word &= ~(uint64_t)HAK_WORD_FLAGS;
    if (word >> 8 != 0)
        return (word & 0xff) == size_class;
    bool starts_span = word == HAK_WORD_LARGE && (uintptr_t)pointer % HAK_SLAB_BYTES == 0;
    return !starts_span || is_right_span(pointer, bytes, size_class);
}
