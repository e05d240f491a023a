/* SPDX-License-Identifier: MIT */
/*
 * Functions that say of themselves what they are made of: so many bytes of realloc, free with a
 * hint. A program or library that comes before us may bring a malloc of its own, and rarely has
 * every name; what is left to us must hand out and take back its blocks, not ours. So these call
 * the process's realloc, memalign and free, whichever the dynamic linker found (and see
 * hakmem_link_args).
 */
#include <errno.h>

#include "export.h"
#include "factors.h"
#include "misuse.h"
#include "os.h"

/* By address, and one that the compiler can't see through, or it would take ours in. */
static void *process_realloc(void *pointer, size_t bytes)
{
    void *(*found)(void *, size_t) = HAK_NAME(realloc);
    __asm__("" : "+r"(found));
    return found(pointer, bytes);
}

static void *process_memalign(size_t alignment, size_t bytes)
{
    void *(*found)(size_t, size_t) = HAK_NAME(memalign);
    __asm__("" : "+r"(found));
    return found(alignment, bytes);
}

static void process_free(void *pointer)
{
    void (*found)(void *) = HAK_NAME(free);
    __asm__("" : "+r"(found));
    found(pointer);
}

void *HAK_NAME(reallocarray)(void *pointer, size_t count, size_t bytes)
{
    size_t total;
    if (__builtin_mul_overflow(count, bytes, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    return process_realloc(pointer, total);
}

void *HAK_NAME(valloc)(size_t bytes)
{
    return process_memalign(hak_os_page_bytes(), bytes);
}

void *HAK_NAME(pvalloc)(size_t bytes)
{
    size_t page = hak_os_page_bytes();
    size_t rounded;
    if (__builtin_add_overflow(bytes, page - 1, &rounded)) {
        errno = ENOMEM;
        return NULL;
    }
    rounded &= ~(page - 1);
    return process_memalign(page, rounded != 0 ? rounded : page);
}

void HAK_NAME(cfree)(void *pointer)
{
    process_free(pointer);
}

/* What another malloc's block was asked for, only that one knows: it passes. `alignment` 1: none.
 */
static void free_told(void *pointer, size_t bytes, size_t alignment)
{
    if (HAK_UNLIKELY(!sized_is_right(pointer, bytes, alignment)))
        hak_misuse_stop(HAK_MISUSE_SIZE, pointer);
    process_free(pointer);
}

void HAK_NAME(free_sized)(void *pointer, size_t bytes)
{
    free_told(pointer, bytes, 1);
}

void HAK_NAME(free_aligned_sized)(void *pointer, size_t alignment, size_t bytes)
{
    free_told(pointer, bytes, alignment);
}
