/* SPDX-License-Identifier: MIT */
/* Functions that call others of this library and nothing else, of the recorder, the stepper and the
 * follower.
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

#define PUBLIC __attribute__((visibility("default")))

PUBLIC void cfree(void *block);
PUBLIC void cfree(void *block)
{
    free(block);
}

PUBLIC void *reallocarray(void *block, size_t count, size_t bytes)
{
    size_t whole;
    if (__builtin_mul_overflow(count, bytes, &whole)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(block, whole);
}
