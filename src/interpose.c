/* SPDX-License-Identifier: MIT */
/*
 * The names under which programs and libraries reach an allocator besides the C library's own:
 * glibc's __libc_ aliases and the C++ operators, all of them, so that none costs a detour through
 * the C++ library's. Not in the un-interposed build.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "counters.h"
#include "export.h"
#include "fast_path.h"

#define ALIAS(result, name, parameters, call)                                                      \
    HAK_EXPORT result name parameters;                                                             \
    result name parameters                                                                         \
    {                                                                                              \
        return call;                                                                               \
    }

ALIAS(void *, __libc_malloc, (size_t bytes), hak_fast_malloc(bytes))
ALIAS(void, __libc_free, (void *pointer), hak_fast_free(pointer))
ALIAS(void *, __libc_calloc, (size_t count, size_t bytes), calloc(count, bytes))
ALIAS(void *, __libc_realloc, (void *pointer, size_t bytes), hak_realloc(pointer, bytes))
ALIAS(void *, __libc_memalign, (size_t alignment, size_t bytes), memalign(alignment, bytes))
ALIAS(void *, __libc_valloc, (size_t bytes), valloc(bytes))
ALIAS(void *, __libc_pvalloc, (size_t bytes), pvalloc(bytes))

/* Of the C++ library, where the program has one: std::get_new_handler and std::__throw_bad_alloc.
 */
typedef void (*new_handler)(void);
extern new_handler get_new_handler(void) __asm__("_ZSt15get_new_handlerv") __attribute__((weak));
extern void throw_bad_alloc(void) __asm__("_ZSt17__throw_bad_allocv") __attribute__((weak));

static void *allocate(size_t bytes, size_t alignment)
{
    return alignment ? hak_aligned_malloc(alignment, bytes) : hak_fast_malloc(bytes);
}

/* As the C++ standard says (new.delete.single): ask the handler to free something, until there is
 * none; then bad_alloc. Kept out of line: it never runs while there is memory. */
static HAK_NOINLINE void *new_again(size_t bytes, size_t alignment)
{
    for (;;) {
        new_handler handler = get_new_handler ? get_new_handler() : NULL;
        if (!handler) {
            if (throw_bad_alloc)
                throw_bad_alloc();
            abort();
        }
        handler();
        void *pointer = allocate(bytes, alignment);
        if (pointer)
            return pointer;
    }
}

/* The handler of a nothrow new may throw, and C can't catch: the C++ library's own operator calls
 * our throwing one and catches for us. */
static HAK_NOINLINE void *new_nothrow_again(size_t bytes, size_t alignment, const void *nothrow)
{
    if (!get_new_handler || !get_new_handler())
        return NULL;
    union { /* what dlsym returns is no function pointer to ISO C */
        void *symbol;
        void *(*plain)(size_t, const void *);
        void *(*aligned)(size_t, size_t, const void *);
    } next;
    next.symbol =
        dlsym(RTLD_NEXT, alignment ? "_ZnwmSt11align_val_tRKSt9nothrow_t" : "_ZnwmRKSt9nothrow_t");
    if (!next.symbol)
        return NULL;
    return alignment ? next.aligned(bytes, alignment, nothrow) : next.plain(bytes, nothrow);
}

static inline void *new_block(size_t bytes)
{
    void *pointer = hak_fast_malloc(bytes);
    if (HAK_UNLIKELY(!pointer))
        return new_again(bytes, 0);
    hak_count_call(HAK_COUNT_operator_new);
    return pointer;
}

static inline void *new_nothrow(size_t bytes, const void *nothrow)
{
    void *pointer = hak_fast_malloc(bytes);
    if (HAK_UNLIKELY(!pointer))
        return new_nothrow_again(bytes, 0, nothrow);
    hak_count_call(HAK_COUNT_operator_new);
    return pointer;
}

static void *new_aligned(size_t bytes, size_t alignment)
{
    void *pointer = hak_aligned_malloc(alignment, bytes);
    if (HAK_UNLIKELY(!pointer))
        return new_again(bytes, alignment);
    hak_count_call(HAK_COUNT_operator_new);
    return pointer;
}

static void *new_aligned_nothrow(size_t bytes, size_t alignment, const void *nothrow)
{
    void *pointer = hak_aligned_malloc(alignment, bytes);
    if (HAK_UNLIKELY(!pointer))
        return new_nothrow_again(bytes, alignment, nothrow);
    hak_count_call(HAK_COUNT_operator_new);
    return pointer;
}

static inline void delete_block(void *pointer)
{
    if (pointer)
        hak_count_call(HAK_COUNT_operator_delete);
    hak_fast_free(pointer);
}

static inline void delete_sized(void *pointer, size_t bytes, size_t alignment)
{
    if (HAK_UNLIKELY(!sized_is_right(pointer, bytes, alignment)))
        hak_misuse_stop(HAK_MISUSE_SIZE, pointer);
    delete_block(pointer);
}

/* m: size_t, Pv: pointer, St11align_val_t: alignment, RKSt9nothrow_t: std::nothrow. */
#define NEW(mangled, call, ...)                                                                    \
    HAK_EXPORT void *mangled(__VA_ARGS__);                                                         \
    void *mangled(__VA_ARGS__)                                                                     \
    {                                                                                              \
        return call;                                                                               \
    }

NEW(_Znwm, new_block(bytes), size_t bytes)
NEW(_Znam, new_block(bytes), size_t bytes)
NEW(_ZnwmRKSt9nothrow_t, new_nothrow(bytes, nothrow), size_t bytes, const void *nothrow)
NEW(_ZnamRKSt9nothrow_t, new_nothrow(bytes, nothrow), size_t bytes, const void *nothrow)
NEW(_ZnwmSt11align_val_t, new_aligned(bytes, align), size_t bytes, size_t align)
NEW(_ZnamSt11align_val_t, new_aligned(bytes, align), size_t bytes, size_t align)
NEW(_ZnwmSt11align_val_tRKSt9nothrow_t, new_aligned_nothrow(bytes, align, nothrow), size_t bytes,
    size_t align, const void *nothrow)
NEW(_ZnamSt11align_val_tRKSt9nothrow_t, new_aligned_nothrow(bytes, align, nothrow), size_t bytes,
    size_t align, const void *nothrow)

#define DELETE(mangled, call, ...)                                                                 \
    HAK_EXPORT void mangled(__VA_ARGS__);                                                          \
    void mangled(__VA_ARGS__)                                                                      \
    {                                                                                              \
        call;                                                                                      \
    }

DELETE(_ZdlPv, delete_block(pointer), void *pointer)
DELETE(_ZdaPv, delete_block(pointer), void *pointer)
DELETE(_ZdlPvRKSt9nothrow_t, delete_block(pointer), void *pointer, const void *nothrow)
DELETE(_ZdaPvRKSt9nothrow_t, delete_block(pointer), void *pointer, const void *nothrow)
DELETE(_ZdlPvm, delete_sized(pointer, bytes, 1), void *pointer, size_t bytes)
DELETE(_ZdaPvm, delete_sized(pointer, bytes, 1), void *pointer, size_t bytes)
DELETE(_ZdlPvSt11align_val_t, delete_block(pointer), void *pointer, size_t align)
DELETE(_ZdaPvSt11align_val_t, delete_block(pointer), void *pointer, size_t align)
DELETE(_ZdlPvSt11align_val_tRKSt9nothrow_t, delete_block(pointer), void *pointer, size_t align,
       const void *nothrow)
DELETE(_ZdaPvSt11align_val_tRKSt9nothrow_t, delete_block(pointer), void *pointer, size_t align,
       const void *nothrow)
DELETE(_ZdlPvmSt11align_val_t, delete_sized(pointer, bytes, align), void *pointer, size_t bytes,
       size_t align)
DELETE(_ZdaPvmSt11align_val_t, delete_sized(pointer, bytes, align), void *pointer, size_t bytes,
       size_t align)
