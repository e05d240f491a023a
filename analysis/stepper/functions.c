/* SPDX-License-Identifier: MIT */
/* malloc and its family as the program sees them: each calls the next library's, stepped or not.
 * free(NULL) is not counted: nothing is taken back. */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

#include "recorder/next.h"
#include "stepping.h"

#define PUBLIC __attribute__((visibility("default")))

static void *block_of(enum step_kind kind, size_t bytes, step_function *function, uintptr_t first,
                      uintptr_t second)
{
    return (void *)stepping_call(kind, bytes, function, first, second, 0);
}

PUBLIC void *malloc(size_t bytes)
{
    const struct next *next = next_functions();
    if (!next)
        return early_block(0, bytes);
    return block_of(STEP_MALLOC, bytes, (step_function *)next->malloc, bytes, 0);
}

PUBLIC void *calloc(size_t count, size_t bytes)
{
    const struct next *next = next_functions();
    if (!next)
        return early_block(0, count * bytes);
    return block_of(STEP_CALLOC, count * bytes, (step_function *)next->calloc, count, bytes);
}

PUBLIC void free(void *block)
{
    if (block && !early_is(block))
        block_of(STEP_FREE, 0, (step_function *)next_functions()->free, (uintptr_t)block, 0);
}

PUBLIC void *realloc(void *block, size_t bytes)
{
    if (block && early_is(block))
        return early_leave(block, bytes);
    const struct next *next = next_functions();
    if (!next)
        return early_block(0, bytes);
    return block_of(STEP_REALLOC, bytes, (step_function *)next->realloc, (uintptr_t)block, bytes);
}

PUBLIC void *memalign(size_t alignment, size_t bytes)
{
    const struct next *next = next_functions();
    if (!next)
        return early_block(alignment, bytes);
    return block_of(STEP_ALIGNED, bytes, (step_function *)next->memalign, alignment, bytes);
}

PUBLIC void *aligned_alloc(size_t alignment, size_t bytes)
{
    const struct next *next = next_functions();
    if (!next)
        return early_block(alignment, bytes);
    return block_of(STEP_ALIGNED, bytes, (step_function *)next->aligned_alloc, alignment, bytes);
}

PUBLIC int posix_memalign(void **result, size_t alignment, size_t bytes)
{
    const struct next *next = next_functions();
    if (!next)
        return (*result = early_block(alignment, bytes)) ? 0 : ENOMEM;
    return (int)stepping_call(STEP_ALIGNED, bytes, (step_function *)next->posix_memalign,
                              (uintptr_t)result, alignment, bytes);
}

PUBLIC void *valloc(size_t bytes)
{
    const struct next *next = next_functions();
    if (!next)
        return early_block((size_t)getpagesize(), bytes);
    return block_of(STEP_ALIGNED, bytes, (step_function *)next->valloc, bytes, 0);
}

PUBLIC void *pvalloc(size_t bytes)
{
    const struct next *next = next_functions();
    size_t page = (size_t)getpagesize();
    if (!next)
        return early_block(page, (bytes + page - 1) & ~(page - 1));
    return block_of(STEP_ALIGNED, bytes, (step_function *)next->pvalloc, bytes, 0);
}
