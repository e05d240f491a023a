/* SPDX-License-Identifier: MIT */
/*
 * The C++ operators, for allocators that bring their own: those never call malloc. The C++
 * library's do, and that call is a part of this one. An exception passes through.
 *
 * A library that was loaded for one plugin alone is not found by looking for the next operator;
 * then malloc and free do what the C++ library's operators would have done.
 */
#include <malloc.h>
#include <stdlib.h>

#include "recorder/next.h"
#include "stepping.h"

#define PUBLIC __attribute__((visibility("default")))

static void *plain_new(size_t bytes, size_t alignment)
{
    return alignment ? memalign(alignment, bytes) : malloc(bytes);
}

/* The operators must throw when memory is out; without a C++ library to do it for us, that is the
 * end. */
static void *must(void *block)
{
    if (!block)
        abort();
    return block;
}

#define NEW(symbol, parameters, alignment, second, third, check)                                   \
    PUBLIC void *symbol parameters;                                                                \
    void *symbol parameters                                                                        \
    {                                                                                              \
        static step_function *next;                                                                \
        if (!next)                                                                                 \
            next_find(#symbol, &next);                                                             \
        if (!next)                                                                                 \
            return check(plain_new(bytes, alignment));                                             \
        return (void *)stepping_call(alignment ? STEP_ALIGNED : STEP_MALLOC, bytes, next, bytes,   \
                                     (uintptr_t)(second), (uintptr_t)(third));                     \
    }

#define DELETE(symbol, parameters, second, third)                                                  \
    PUBLIC void symbol parameters;                                                                 \
    void symbol parameters                                                                         \
    {                                                                                              \
        static step_function *next;                                                                \
        if (!next)                                                                                 \
            next_find(#symbol, &next);                                                             \
        if (!next)                                                                                 \
            free(block);                                                                           \
        else if (block)                                                                            \
            stepping_call(STEP_FREE, 0, next, (uintptr_t)block, (uintptr_t)(second),               \
                          (uintptr_t)(third));                                                     \
    }

/* Plain, array; nothrow; aligned; aligned nothrow. */
NEW(_Znwm, (size_t bytes), 0, 0, 0, must)
NEW(_Znam, (size_t bytes), 0, 0, 0, must)
NEW(_ZnwmRKSt9nothrow_t, (size_t bytes, const void *nothrow), 0, nothrow, 0, )
NEW(_ZnamRKSt9nothrow_t, (size_t bytes, const void *nothrow), 0, nothrow, 0, )
NEW(_ZnwmSt11align_val_t, (size_t bytes, size_t alignment), alignment, alignment, 0, must)
NEW(_ZnamSt11align_val_t, (size_t bytes, size_t alignment), alignment, alignment, 0, must)
NEW(_ZnwmSt11align_val_tRKSt9nothrow_t, (size_t bytes, size_t alignment, const void *nothrow),
    alignment, alignment, nothrow, )
NEW(_ZnamSt11align_val_tRKSt9nothrow_t, (size_t bytes, size_t alignment, const void *nothrow),
    alignment, alignment, nothrow, )

/* Plain, sized, nothrow, aligned, sized and aligned, aligned nothrow; and for arrays. */
DELETE(_ZdlPv, (void *block), 0, 0)
DELETE(_ZdaPv, (void *block), 0, 0)
DELETE(_ZdlPvm, (void *block, size_t bytes), bytes, 0)
DELETE(_ZdaPvm, (void *block, size_t bytes), bytes, 0)
DELETE(_ZdlPvRKSt9nothrow_t, (void *block, const void *nothrow), nothrow, 0)
DELETE(_ZdaPvRKSt9nothrow_t, (void *block, const void *nothrow), nothrow, 0)
DELETE(_ZdlPvSt11align_val_t, (void *block, size_t alignment), alignment, 0)
DELETE(_ZdaPvSt11align_val_t, (void *block, size_t alignment), alignment, 0)
DELETE(_ZdlPvmSt11align_val_t, (void *block, size_t bytes, size_t alignment), bytes, alignment)
DELETE(_ZdaPvmSt11align_val_t, (void *block, size_t bytes, size_t alignment), bytes, alignment)
DELETE(_ZdlPvSt11align_val_tRKSt9nothrow_t, (void *block, size_t alignment, const void *nothrow),
       alignment, nothrow)
DELETE(_ZdaPvSt11align_val_tRKSt9nothrow_t, (void *block, size_t alignment, const void *nothrow),
       alignment, nothrow)
