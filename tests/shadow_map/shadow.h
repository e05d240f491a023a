/* SPDX-License-Identifier: MIT */
/*
 * The shadow map: every block that the allocator handed out is known here with its size and what
 * was written into it, and each answer is held against that: no overlap, contents kept, zeroes
 * where promised, alignment as asked. A violation prints one line and aborts.
 */
#ifndef TESTS_SHADOW_H
#define TESTS_SHADOW_H

#include "choices.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SHADOW_SLOTS = 8192,
    SHADOW_BYTES_A_CALL = 8192, /* to touch so many takes as long as a call of the allocator */
};

/* By what kind of function a block came, for not every other takes it back. */
enum shadow_family {
    SHADOW_C,         /* malloc, calloc, realloc: free_sized may take it */
    SHADOW_C_ALIGNED, /* aligned_alloc: free_aligned_sized */
    SHADOW_C_OTHER,   /* memalign, valloc and the like: only free */
    SHADOW_NEW,
    SHADOW_NEW_ALIGNED,
};

struct shadow_block {
    unsigned char *p; /* NULL: the slot is empty */
    size_t asked;     /* bytes */
    size_t usable;    /* bytes; all of them are its, and written */
    size_t alignment; /* asked for, bytes */
    uint8_t family;
    bool array; /* of the C++ families */
    unsigned char mark;
};

/* Used by one thread at a time. */
struct shadow {
    bool alone;      /* nobody else calls the allocator meanwhile */
    size_t resident; /* bytes that its blocks hold, about */
    size_t room;     /* bytes of its blocks, resident or not */
    struct shadow_block slots[SHADOW_SLOTS];
};

/* True: the process was started with less address space, so any request may be refused. */
extern bool shadow_short_of_space;

struct shadow *shadow_create(void);

/* Checks every live block and frees it. */
void shadow_empty(struct shadow *s);
void shadow_destroy(struct shadow *s);

_Noreturn void shadow_violation(const char *what, const struct shadow_block *b, size_t detail);

/* Enters a block that a call has just returned into `b`, whose other fields say what was asked;
 * `kept` bytes of it must be what `old` held, and `zero` asks for zeroes. False: it was refused,
 * and might be. */
bool shadow_enter(struct shadow *s, struct shadow_block *b, unsigned char *p,
                  const struct shadow_block *old, bool zero);

/* The block is about to be freed: checks it and forgets it. */
void shadow_leave(struct shadow *s, struct shadow_block *b);

void shadow_check(const struct shadow_block *b);

/* A live block goes from its slot into a parcel, and from there it counts as another shadow's. */
void shadow_send(struct shadow *s, struct shadow_block *b, struct shadow_block *parcel);
void shadow_receive(struct shadow *s, const struct shadow_block *parcel);

/* Bytes of a request: of every kind of block, at the edges of size classes and units. */
size_t shadow_choose_size(struct choices *from);

/* The allocator's calls; each makes one, by a form that is chosen. */
void shadow_allocate(struct shadow *s, struct shadow_block *b, struct choices *from, size_t size);
void shadow_release(struct shadow *s, struct shadow_block *b, struct choices *from);
void shadow_resize(struct shadow *s, struct shadow_block *b, struct choices *from);

/* Frees what is large until the shadow holds no more than it may. */
void shadow_keep_within_limits(struct shadow *s);

#endif
