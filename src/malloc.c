/* SPDX-License-Identifier: MIT */
/* The two functions that matter. What they do is in fast_path.h: one screen. */
#include "export.h"
#include "fast_path.h"

HAK_ALIGNED_CODE void *HAK_NAME(malloc)(size_t bytes)
{
    return hak_fast_malloc(bytes);
}

HAK_ALIGNED_CODE void HAK_NAME(free)(void *pointer)
{
    hak_fast_free(pointer);
}
