/* SPDX-License-Identifier: MIT */
/*
 * The C++ operators, for allocators that bring their own: those never call malloc. The C++
 * library's do, and that call is inside of this one, so nothing is recorded twice. An exception
 * passes through.
 *
 * A library that was loaded for one plugin alone is not found by looking for the next operator;
 * then malloc and free do what the C++ library's operators would have done.
 */
#include <stdint.h>
#include <stdlib.h>

#include "next.h"
#include "recording.h"

#define PUBLIC __attribute__((visibility("default")))

static void leave(bool *records)
{
    if (*records)
        recording_leave();
}

static void *plain_new(size_t bytes, size_t alignment)
{
    const struct next *next = next_functions();
    return alignment ? next->memalign(alignment, bytes) : next->malloc(bytes);
}

static void *note(bool records, void *block, size_t bytes, size_t alignment)
{
    if (records && block)
        recording_add(alignment ? RAW_ALIGNED : RAW_MALLOC, block, bytes, alignment);
    return block;
}

/* The operators must throw when memory is out; without a C++ library to do it for us, that is the
 * end. */
static void *must(void *block)
{
    if (!block)
        abort();
    return block;
}

#define NEW(symbol, parameters, arguments, alignment, check)                                       \
    PUBLIC void *symbol parameters;                                                                \
    void *symbol parameters                                                                        \
    {                                                                                              \
        static void *(*next)parameters;                                                            \
        __attribute__((cleanup(leave))) bool records = recording_enter();                          \
        if (!next)                                                                                 \
            next_find(#symbol, &next);                                                             \
        void *block = next ? next arguments : check(plain_new(bytes, alignment));                  \
        return note(records, block, bytes, alignment);                                             \
    }

#define DELETE(symbol, parameters, arguments)                                                      \
    PUBLIC void symbol parameters;                                                                 \
    void symbol parameters                                                                         \
    {                                                                                              \
        static void(*next) parameters;                                                             \
        __attribute__((cleanup(leave))) bool records = recording_enter();                          \
        if (!next)                                                                                 \
            next_find(#symbol, &next);                                                             \
        if (records && block)                                                                      \
            recording_add(RAW_FREE, block, 0, 0);                                                  \
        if (next)                                                                                  \
            next arguments;                                                                        \
        else if (block)                                                                            \
            next_functions()->free(block);                                                         \
    }

/* Plain, array; nothrow; aligned; aligned nothrow. */
NEW(_Znwm, (size_t bytes), (bytes), 0, must)
NEW(_Znam, (size_t bytes), (bytes), 0, must)
NEW(_ZnwmRKSt9nothrow_t, (size_t bytes, const void *nothrow), (bytes, nothrow), 0, )
NEW(_ZnamRKSt9nothrow_t, (size_t bytes, const void *nothrow), (bytes, nothrow), 0, )
NEW(_ZnwmSt11align_val_t, (size_t bytes, size_t alignment), (bytes, alignment), alignment, must)
NEW(_ZnamSt11align_val_t, (size_t bytes, size_t alignment), (bytes, alignment), alignment, must)
NEW(_ZnwmSt11align_val_tRKSt9nothrow_t, (size_t bytes, size_t alignment, const void *nothrow),
    (bytes, alignment, nothrow), alignment, )
NEW(_ZnamSt11align_val_tRKSt9nothrow_t, (size_t bytes, size_t alignment, const void *nothrow),
    (bytes, alignment, nothrow), alignment, )

/* Plain, sized, nothrow, aligned, sized and aligned, aligned nothrow; and for arrays. */
DELETE(_ZdlPv, (void *block), (block))
DELETE(_ZdaPv, (void *block), (block))
DELETE(_ZdlPvm, (void *block, size_t bytes), (block, bytes))
DELETE(_ZdaPvm, (void *block, size_t bytes), (block, bytes))
DELETE(_ZdlPvRKSt9nothrow_t, (void *block, const void *nothrow), (block, nothrow))
DELETE(_ZdaPvRKSt9nothrow_t, (void *block, const void *nothrow), (block, nothrow))
DELETE(_ZdlPvSt11align_val_t, (void *block, size_t alignment), (block, alignment))
DELETE(_ZdaPvSt11align_val_t, (void *block, size_t alignment), (block, alignment))
DELETE(_ZdlPvmSt11align_val_t, (void *block, size_t bytes, size_t alignment),
       (block, bytes, alignment))
DELETE(_ZdaPvmSt11align_val_t, (void *block, size_t bytes, size_t alignment),
       (block, bytes, alignment))
DELETE(_ZdlPvSt11align_val_tRKSt9nothrow_t, (void *block, size_t alignment, const void *nothrow),
       (block, alignment, nothrow))
DELETE(_ZdaPvSt11align_val_tRKSt9nothrow_t, (void *block, size_t alignment, const void *nothrow),
       (block, alignment, nothrow))
