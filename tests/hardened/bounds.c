/* SPDX-License-Identifier: MIT */
/* Writes and reads beyond a block's bounds. */
#include "cases.h"
#include "support/process.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE = 4096, SLAB = 65536, MANY = 3000 };

static void write_behind(size_t size, size_t count, unsigned char value)
{
    unsigned char *p = malloc(size);
    case_victim(p);
    memset(opaque(p + malloc_usable_size(p)), value, count);
    free(p);
}

/* A string's end one too far. */
static void one_zero_behind(size_t size)
{
    write_behind(size, 1, 0);
}

static void eight_behind(size_t size)
{
    write_behind(size, 8, 'x');
}

static void behind_seen_by_realloc(size_t size)
{
    unsigned char *p = malloc(size);
    case_victim(p);
    *(unsigned char *)opaque(p + malloc_usable_size(p)) = 0;
    p = realloc(p, size + 1);
}

static void behind_seen_by_usable_size(size_t size)
{
    unsigned char *p = malloc(size);
    case_victim(p);
    *(unsigned char *)opaque(p + malloc_usable_size(p)) = 0;
    malloc_usable_size(p);
}

static void behind_used_before(size_t size)
{
    for (int i = 0; i < 3; i++)
        free(malloc(size));
    write_behind(size, 1, 0);
}

/* On through the rest of the slab and out of it. */
static void on_behind(size_t size)
{
    unsigned char *p = malloc(size);
    for (size_t i = 0; i <= SLAB; i++)
        *(volatile unsigned char *)(p + i) = 'x';
    _exit(3);
}

static void one_behind_large(size_t size)
{
    unsigned char *p = malloc(size);
    *(volatile unsigned char *)opaque(p + malloc_usable_size(p)) = 1;
    _exit(3);
}

static void page_behind_large(size_t size)
{
    unsigned char *p = malloc(size);
    *(volatile unsigned char *)opaque(p + (size + PAGE - 1) / PAGE * PAGE) = 1;
    _exit(3);
}

static void read_behind_large(size_t size)
{
    unsigned char *p = malloc(size);
    (void)*(volatile unsigned char *)opaque(p + malloc_usable_size(p));
    _exit(3);
}

static void one_before_large(size_t size)
{
    unsigned char *p = malloc(size);
    *(volatile unsigned char *)opaque(p - 1) = 1;
    _exit(3);
}

/* In a slab's first block: nothing that can be written stands before a slab. */
static void one_before_slab(size_t size)
{
    for (int i = 0; i < MANY; i++) {
        unsigned char *p = malloc(size);
        if ((uintptr_t)p % SLAB == 0)
            *(volatile unsigned char *)opaque(p - 1) = 1;
    }
    _exit(3);
}

/* What stands before a block is the end of the one below, which is told on when it is freed. */
static void one_before(size_t size)
{
    static unsigned char *p[MANY];
    size_t below = malloc_usable_size(malloc(size)) + 8; /* with its canary */
    for (int i = 0; i < MANY; i++)
        p[i] = malloc(size);
    for (int i = 1; i < MANY; i++) {
        for (int k = 0; k < i; k++) {
            if (p[k] + below != p[i] && p[i] + below != p[k])
                continue;
            unsigned char *lower = p[k] < p[i] ? p[k] : p[i], *upper = p[k] < p[i] ? p[i] : p[k];
            case_victim(lower);
            upper[-8] = 0;
            free(upper);
            free(lower);
            _exit(0);
        }
    }
    _exit(4);
}

/* A block that grew, or shrank, where it stands has its guard at its new end. */
static void behind_resized_large(size_t size)
{
    unsigned char *p = realloc(malloc(size), size + 3 * SLAB);
    memset(p, 1, size + 3 * SLAB);
    p = realloc(p, size + SLAB);
    memset(p, 1, size + SLAB);
    *(volatile unsigned char *)opaque(p + malloc_usable_size(p)) = 1;
    _exit(3);
}

#define BEYOND  "write beyond the block's end"
#define LARGE   100000
#define EXACTLY (128 * 1024)

const struct hardened_case bounds_cases[] = {
    {"a zero one byte behind", one_zero_behind, 1, ENDING_NAMED, BEYOND, CONTROL_DIFFERS, false},
    {"a zero one byte behind", one_zero_behind, 24, ENDING_NAMED, BEYOND, CONTROL_DIFFERS, false},
    {"a zero one byte behind", one_zero_behind, 1000, ENDING_NAMED, BEYOND, CONTROL_DIFFERS, false},
    {"a zero one byte behind", one_zero_behind, 30000, ENDING_NAMED, BEYOND, CONTROL_DIFFERS,
     false},
    {"eight bytes behind", eight_behind, 24, ENDING_NAMED, BEYOND, CONTROL_DIFFERS, false},
    {"eight bytes behind", eight_behind, 5000, ENDING_NAMED, BEYOND, CONTROL_DIFFERS, false},
    {"a byte behind, seen by realloc", behind_seen_by_realloc, 100, ENDING_NAMED, BEYOND,
     CONTROL_DIFFERS, false},
    {"a byte behind, seen by malloc_usable_size", behind_seen_by_usable_size, 100, ENDING_NAMED,
     BEYOND, CONTROL_DIFFERS, false},
    {"a byte behind a block used before", behind_used_before, 48, ENDING_NAMED, BEYOND,
     CONTROL_DIFFERS, false},
    {"on behind and out of the slab", on_behind, 64, ENDING_FAULT, NULL, CONTROL_DIFFERS, false},
    {"on behind and out of the slab", on_behind, 20000, ENDING_FAULT, NULL, CONTROL_DIFFERS, false},
    {"a byte behind a large block", one_behind_large, LARGE, ENDING_FAULT, NULL, CONTROL_DIFFERS,
     false},
    {"a byte behind a large block", one_behind_large, EXACTLY, ENDING_FAULT, NULL, CONTROL_DIFFERS,
     false},
    {"a page behind a large block", page_behind_large, LARGE, ENDING_FAULT, NULL, CONTROL_DIFFERS,
     false},
    {"a read behind a large block", read_behind_large, LARGE, ENDING_FAULT, NULL, CONTROL_DIFFERS,
     false},
    {"a byte before a large block", one_before_large, LARGE, ENDING_FAULT, NULL, CONTROL_EITHER,
     false},
    {"a byte behind a large block that grew and shrank", behind_resized_large, LARGE, ENDING_FAULT,
     NULL, CONTROL_DIFFERS, false},
    {"a byte before a slab", one_before_slab, 256, ENDING_FAULT, NULL, CONTROL_DIFFERS, false},
    {"a byte into the block below", one_before, 40, ENDING_NAMED, BEYOND, CONTROL_DIFFERS, false},
    {0},
};
