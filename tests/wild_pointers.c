/* SPDX-License-Identifier: MIT */
/*
 * A pointer that malloc never gave (interior, foreign, stack, misaligned) stops free, realloc and
 * malloc_usable_size with one line that names it. Never silence.
 */
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum call { CALL_FREE, CALL_REALLOC, CALL_USABLE_SIZE, CALL_END };

static const char *const call_names[] = {"free", "realloc", "malloc_usable_size"};

static const size_t sizes[] = {16,   17,   40,    100,   112,   128,    200,     512,     1000,
                               1024, 3000, 10000, 32768, 60000, 200000, 2 << 20, 64 << 20};

enum { SIZES = sizeof sizes / sizeof sizes[0] };

static char static_bytes[8192] __attribute__((aligned(64)));

struct wild {
    void *pointer;
    enum call call;
    bool in_thread; /* the call comes from a thread that never allocated */
};

static void call_it(const struct wild *wild)
{
    if (wild->call == CALL_FREE)
        free(wild->pointer);
    else if (wild->call == CALL_REALLOC)
        *(volatile char *)realloc(wild->pointer, 333) = 1;
    else
        opaque_size(malloc_usable_size(wild->pointer));
}

static void *call_in_thread(void *argument)
{
    call_it(argument);
    return NULL;
}

static void use_wild(void *argument)
{
    struct wild *wild = argument;
    pthread_t thread;
    if (!wild->in_thread) {
        call_it(wild);
        return;
    }
    pthread_create(&thread, NULL, call_in_thread, wild);
    pthread_join(thread, NULL);
}

struct tally {
    unsigned tried, stopped;
};

static void try_all_calls(void *pointer, const char *kind, struct tally *tally)
{
    for (enum call call = 0; call < CALL_END; call++) {
        for (int in_thread = 0; in_thread < 2; in_thread++) {
            struct wild wild = {opaque(pointer), call, in_thread};
            struct child_end end = child_run(use_wild, &wild, 20);
            tally->tried++;
            if (child_accused(&end, pointer))
                tally->stopped++;
            else if (under_hakmem())
                note("%s of %s pointer %p%s: %s", call_names[call], kind, pointer,
                     in_thread ? " in a new thread" : "", child_describe(&end));
        }
    }
}

static void judge(const struct tally *tally, const char *kind)
{
    if (under_hakmem())
        promise(tally->stopped == tally->tried, "%s: %u of %u calls stopped by name", kind,
                tally->stopped, tally->tried);
    else
        promise(tally->tried > 0, "control: %s: %u calls made on another malloc", kind,
                tally->tried);
}

/* Offsets are multiples of 16: only the allocator's own bookkeeping can know these are wrong. */
static void interior(void)
{
    struct tally tally = {0, 0};
    for (unsigned s = 0; s < SIZES; s++) {
        char *p = malloc(sizes[s]);
        size_t usable = malloc_usable_size(p),
               offsets[] = {16, usable / 2 & ~15ul, (usable - 1) & ~15ul};
        for (int k = 0; k < 3; k++)
            if (offsets[k] && offsets[k] < usable)
                try_all_calls(p + offsets[k], "interior", &tally);
        free(p);
    }
    judge(&tally, "interior, a multiple of 16 into the block");
}

static void interior_pages(void)
{
    struct tally tally = {0, 0};
    for (unsigned s = 0; s < SIZES; s++) {
        char *p = malloc(sizes[s]);
        for (size_t offset = 4096; offset < sizes[s]; offset *= 16)
            try_all_calls(p + offset, "interior page of", &tally);
        free(p);
    }
    judge(&tally, "interior, whole pages into the block");
}

static void misaligned(void)
{
    struct tally tally = {0, 0};
    for (unsigned s = 0; s < SIZES; s++) {
        char *p = malloc(sizes[s]);
        try_all_calls(p + 1, "misaligned", &tally);
        try_all_calls(p + 8, "misaligned", &tally);
        free(p);
    }
    judge(&tally, "misaligned");
}

static void stack(void)
{
    struct tally tally = {0, 0};
    char bytes[256] __attribute__((aligned(16)));
    memset(bytes, 0, sizeof bytes);
    try_all_calls(bytes, "stack", &tally);
    try_all_calls(bytes + 64, "stack", &tally);
    judge(&tally, "stack");
}

static void foreign(void)
{
    struct tally tally = {0, 0};
    size_t length = 4 << 20;
    char *mapped = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    try_all_calls(mapped, "mapped", &tally);
    try_all_calls(mapped + 4096, "mapped", &tally);
    try_all_calls((void *)(((uintptr_t)mapped + 0xffff) & ~0xfffful), "mapped, 64 KiB aligned",
                  &tally);
    try_all_calls((void *)(((uintptr_t)mapped + 0x1fffff) & ~0x1ffffful), "mapped, 2 MiB aligned",
                  &tally);
    try_all_calls(static_bytes, "static", &tally);
    try_all_calls(static_bytes + 4096, "static", &tally);
    try_all_calls((void *)((uintptr_t)use_wild & ~15ul), "code", &tally);
    munmap(mapped, length);
    try_all_calls(mapped, "unmapped", &tally);
    try_all_calls((void *)16, "tiny", &tally);
    try_all_calls((void *)(1ul << 46), "far", &tally);
    try_all_calls((void *)0xdead000000000000ul, "non-canonical", &tally);
    try_all_calls((void *)-16l, "last", &tally);
    judge(&tally, "foreign: mapped, static, code, unmapped, tiny, non-canonical");
}

/* In the neighbourhood of blocks, where the allocator may have reserved but never given. */
static void unused_neighbours(void)
{
    struct tally tally = {0, 0};
    char *small = malloc(64), *large = malloc(3 << 20);
    uintptr_t span = (uintptr_t)large & ~0xfffful;
    for (size_t distance = 8ul << 20; distance <= 1ul << 40; distance *= 2) {
        try_all_calls((void *)(span + distance), "behind a block", &tally);
        try_all_calls((void *)(span - distance), "before a block", &tally);
        try_all_calls((void *)(span + distance + 4096), "behind a block, inside a unit", &tally);
    }
    free(small);
    free(large);
    judge(&tally, "8 MiB to 512 GiB from any block");
}

/* The place of a block in its slab that was never handed out: it looks like a block. */
static void never_handed_out(void)
{
    char *block = malloc(64);
    void *place = (void *)(((uintptr_t)block & ~0xfffful) + 0xffc0);
    for (enum call call = 0; call < CALL_END; call++) {
        struct wild wild = {opaque(place), call, false};
        struct child_end end = child_run(use_wild, &wild, 20);
        note("%s of a block's place that was never handed out: %s", call_names[call],
             child_describe(&end));
    }
    free(block);
}

static void freed_calls(void)
{
    struct tally tally = {0, 0};
    for (unsigned s = 0; s < SIZES; s++) {
        char *p = malloc(sizes[s]);
        free(p);
        struct wild wild = {p, CALL_REALLOC, false};
        struct child_end end = child_run(use_wild, &wild, 20);
        tally.tried++;
        if (child_accused(&end, p))
            tally.stopped++;
        else if (under_hakmem())
            note("realloc of freed %zu bytes at %p: %s", sizes[s], (void *)p, child_describe(&end));
    }
    judge(&tally, "realloc of a freed block");
}

int main(void)
{
    free(malloc(1));
    interior();
    interior_pages();
    misaligned();
    stack();
    foreign();
    unused_neighbours();
    never_handed_out();
    freed_calls();
    return promises_end();
}
