/* SPDX-License-Identifier: MIT */
/* A program that hands the allocator a wrong pointer, or wrote over its records, is stopped with
 * one line that says what is wrong. */
#ifndef HAK_MISUSE_H
#define HAK_MISUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler.h"

enum hak_misuse {
    HAK_MISUSE_DOUBLE_FREE,
    HAK_MISUSE_INTERIOR,    /* inside a block, not at its start */
    HAK_MISUSE_FOREIGN,     /* not of this allocator: stack, static, another allocator's */
    HAK_MISUSE_MISALIGNED,  /* no block of ours starts at such an address */
    HAK_MISUSE_UNALLOCATED, /* in our range, but nothing was handed out there */
    HAK_MISUSE_CORRUPTED,   /* the pointer is a record's of the allocator, or what stands in one */
    HAK_MISUSE_OVERFLOW,    /* the block's canary was written over */
    HAK_MISUSE_WRITTEN,     /* a free block's contents were */
    HAK_MISUSE_SIZE         /* a sized free of another size */
};

/* Prints `hakmem: <what>: pointer 0x...: <detail>; <where it lies>[; <who allocated
 * it>]` and aborts. */
_Noreturn void hak_misuse_stop(enum hak_misuse kind, const void *pointer);

/* Says why `pointer`, which is no block in use, is wrong, and stops. */
_Noreturn void hak_misuse_stop_wild(const void *pointer);

/* Stops where `pointer`, which starts a block of the slab whose word this is and bears the mark of
 * a freed one, is free; a mark that is proof stops at once. */
void hak_misuse_check_block(const void *pointer, uint64_t word);

/* A record of ours at `where` is not what we wrote; `what` says which, as in "a magazine's link".
 */
_Noreturn __attribute__((cold)) void hak_misuse_stop_corrupted(const void *where, const char *what);

/* What must be true of a record wherever a slow path goes by: better stopped than led astray. It is
 * no proof against who knows what to write, and the fast path asks nothing. */
static inline void hak_must_hold(bool sound, const void *where, const char *what)
{
    if (HAK_UNLIKELY(!sound))
        hak_misuse_stop_corrupted(where, what);
}

#endif
