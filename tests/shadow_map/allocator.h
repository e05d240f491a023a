/* SPDX-License-Identifier: MIT */
/*
 * The allocator under test, as a table of its entry points: what LD_PRELOAD put in the process's
 * names (allocator_preloaded.c), or libhakmem linked in under un-interposed ones
 * (allocator_linked.c), so that a fuzzer's own memory is not its.
 */
#ifndef TESTS_ALLOCATOR_H
#define TESTS_ALLOCATOR_H

#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* X(result, name, parameters) */
#define ALLOCATOR_FUNCTIONS(X)                                                                     \
    X(void *, malloc, (size_t bytes))                                                              \
    X(void, free, (void *pointer))                                                                 \
    X(void *, calloc, (size_t count, size_t bytes))                                                \
    X(void *, realloc, (void *pointer, size_t bytes))                                              \
    X(void *, reallocarray, (void *pointer, size_t count, size_t bytes))                           \
    X(void *, aligned_alloc, (size_t alignment, size_t bytes))                                     \
    X(void *, memalign, (size_t alignment, size_t bytes))                                          \
    X(int, posix_memalign, (void **result, size_t alignment, size_t bytes))                        \
    X(void *, valloc, (size_t bytes))                                                              \
    X(void *, pvalloc, (size_t bytes))                                                             \
    X(size_t, malloc_usable_size, (void *pointer))                                                 \
    X(int, malloc_trim, (size_t keep))                                                             \
    X(struct mallinfo2, mallinfo2, (void))                                                         \
    X(struct mallinfo, mallinfo, (void))                                                           \
    X(int, mallopt, (int parameter, int value))                                                    \
    X(void, malloc_stats, (void))                                                                  \
    X(int, malloc_info, (int options, FILE *stream))

/* The same, of what Debian 12's glibc has not. */
#define ALLOCATOR_EXTRAS(X)                                                                        \
    X(void, cfree, (void *pointer))                                                                \
    X(void, free_sized, (void *pointer, size_t bytes))                                             \
    X(void, free_aligned_sized, (void *pointer, size_t alignment, size_t bytes))

/* C++: the plain form and that of arrays. */
struct allocator_operators {
    void *(*new_plain)(size_t bytes);
    void *(*new_nothrow)(size_t bytes, const void *nothrow);
    void *(*new_aligned)(size_t bytes, size_t alignment);
    void *(*new_aligned_nothrow)(size_t bytes, size_t alignment, const void *nothrow);
    void (*delete_plain)(void *pointer);
    void (*delete_nothrow)(void *pointer, const void *nothrow);
    void (*delete_sized)(void *pointer, size_t bytes);
    void (*delete_aligned)(void *pointer, size_t alignment);
    void (*delete_aligned_nothrow)(void *pointer, size_t alignment, const void *nothrow);
    void (*delete_aligned_sized)(void *pointer, size_t bytes, size_t alignment);
};

struct allocator {
#define ALLOCATOR_FIELD(result, name, parameters) result(*name) parameters;
    ALLOCATOR_FUNCTIONS(ALLOCATOR_FIELD)
    ALLOCATOR_EXTRAS(ALLOCATOR_FIELD) /* NULL: there is none */
#undef ALLOCATOR_FIELD
    struct allocator_operators operators[2];
    bool has_operators;
    bool is_hakmem;
};

extern struct allocator allocator;

/* Fills the table; before anything else. */
void allocator_find(void);

#endif
