/* SPDX-License-Identifier: MIT */
/* Functions inlined in functions that are inlined: callers_formats.py knows each line. */
#include <stdlib.h>

#include "../support/apart.h"

#define INLINED static inline __attribute__((always_inline))

static void *volatile touched;

INLINED void innermost(size_t bytes)
{
    touched = malloc(bytes); /* in innermost */
}

INLINED void middle(size_t bytes)
{
    innermost(bytes + 1); /* in middle */
}

INLINED void outer(size_t bytes)
{
    middle(bytes * 2); /* in outer */
}

static APART void apart(size_t bytes)
{
    outer(bytes); /* in apart, first */
    free(touched);
    outer(bytes + 3); /* in apart, second */
    free(touched);
}

int main(void)
{
    for (size_t i = 0; i < 100; i++)
        apart(100 + i);
    touched = NULL;
    return 0;
}
