/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stddef.h>

#include "export.h"
#include "faults.h"
#include "scenario.h"
#include "surviving_names.h"

/* Only memory may have been what was missing. */
static bool must_try_again(void *result, int error)
{
    if (result || error == EINVAL)
        return false;
    require(error == ENOMEM, "NULL with errno ENOMEM");
    return true;
}

#define SURVIVE(call)                                                                              \
    int saved = errno;                                                                             \
    errno = 0;                                                                                     \
    void *result = call;                                                                           \
    if (must_try_again(result, errno)) {                                                           \
        faults_suspend(true);                                                                      \
        result = call;                                                                             \
        faults_suspend(false);                                                                     \
    }                                                                                              \
    if (result)                                                                                    \
        errno = saved;                                                                             \
    return result

void *surviving_malloc(size_t bytes)
{
    SURVIVE(hakmem_malloc(bytes));
}

void *surviving_calloc(size_t count, size_t bytes)
{
    SURVIVE(hakmem_calloc(count, bytes));
}

void *surviving_realloc(void *pointer, size_t bytes)
{
    if (pointer && bytes == 0)
        return hakmem_realloc(pointer, 0);
    SURVIVE(hakmem_realloc(pointer, bytes));
}

void *surviving_reallocarray(void *pointer, size_t count, size_t bytes)
{
    if (pointer && (count == 0 || bytes == 0))
        return hakmem_reallocarray(pointer, count, bytes);
    SURVIVE(hakmem_reallocarray(pointer, count, bytes));
}

void *surviving_memalign(size_t alignment, size_t bytes)
{
    SURVIVE(hakmem_memalign(alignment, bytes));
}

void *surviving_aligned_alloc(size_t alignment, size_t bytes)
{
    SURVIVE(hakmem_aligned_alloc(alignment, bytes));
}

int surviving_posix_memalign(void **result, size_t alignment, size_t bytes)
{
    void *untouched = *result;
    int error = hakmem_posix_memalign(result, alignment, bytes);
    if (error == 0)
        return 0;
    require(*result == untouched, "posix_memalign keeps the pointer where it fails");
    faults_suspend(true);
    error = hakmem_posix_memalign(result, alignment, bytes);
    faults_suspend(false);
    return error;
}

void *surviving_valloc(size_t bytes)
{
    SURVIVE(hakmem_valloc(bytes));
}

void *surviving_pvalloc(size_t bytes)
{
    SURVIVE(hakmem_pvalloc(bytes));
}
