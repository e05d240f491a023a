/* SPDX-License-Identifier: MIT */
/* The functions that the program would have called without the recorder. */
#ifndef ANALYSIS_RECORDER_NEXT_H
#define ANALYSIS_RECORDER_NEXT_H

#include <stdbool.h>
#include <stddef.h>

struct next {
    void *(*malloc)(size_t bytes);
    void *(*calloc)(size_t count, size_t bytes);
    void *(*realloc)(void *block, size_t bytes);
    void *(*memalign)(size_t alignment, size_t bytes);
    void *(*aligned_alloc)(size_t alignment, size_t bytes);
    int (*posix_memalign)(void **result, size_t alignment, size_t bytes);
    void *(*valloc)(size_t bytes);
    void *(*pvalloc)(size_t bytes);
    void (*free)(void *block);
};

/* NULL while they are being looked for: what the search itself asks for comes from early_block. */
const struct next *next_functions(void);

/* Stores the function at `function`, a pointer to a function's; NULL where nobody has it. */
void next_find(const char *name, void *function);

/* Zeroed memory that is never given back. NULL with errno: there is no more. */
void *early_block(size_t alignment, size_t bytes);
bool early_is(const void *block);

/* Such a block's contents in one of the program's; NULL: no memory. */
void *early_leave(const void *block, size_t bytes);

#endif
