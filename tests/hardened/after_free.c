/* SPDX-License-Identifier: MIT */
/* Writes to and reads from blocks that were freed. */
#include "cases.h"
#include "support/process.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The block is handed out again soon or late, and found written. */
static void write_at(size_t size, size_t offset)
{
    unsigned char *p = malloc(size);
    case_victim(p);
    free(p);
    *(volatile unsigned char *)opaque(p + offset) = 1;
    case_use_up(size);
}

static void first_byte(size_t size)
{
    write_at(size, 0);
}

static void middle_byte(size_t size)
{
    write_at(size, size / 2);
}

static void last_byte(size_t size)
{
    write_at(size, size - 1);
}

/* After more of its class were freed: it may have left the quarantine, and waits in a magazine. */
static void long_after(size_t size)
{
    static unsigned char *p[500];
    for (int i = 0; i < 500; i++)
        p[i] = malloc(size);
    for (int i = 0; i < 500; i++)
        free(p[i]);
    case_victim(p[3]);
    *(volatile unsigned char *)opaque(p[3] + size / 3) = 1;
    case_use_up(size);
}

static void is_clear(size_t size)
{
    unsigned char *p = malloc(size);
    size_t usable = malloc_usable_size(p);
    memset(p, 'x', usable);
    free(p);
    for (size_t i = 0; i < usable; i++)
        if (((volatile unsigned char *)p)[i] != 0)
            _exit(3);
}

static void write_to_large(size_t size)
{
    unsigned char *p = malloc(size);
    memset(p, 1, size);
    free(p);
    *(volatile unsigned char *)opaque(p + size / 2) = 1;
    _exit(3);
}

static void read_from_large(size_t size)
{
    unsigned char *p = malloc(size);
    memset(p, 1, size);
    free(p);
    (void)*(volatile unsigned char *)opaque(p);
    _exit(3);
}

/* Nor does it become another's for a while. */
static void large_waits(size_t size)
{
    void *p = malloc(size);
    free(p);
    for (int i = 0; i < 5; i++)
        if (malloc(size) == p)
            _exit(3);
}

/* The part that realloc cut off. */
static void write_behind_shrunk(size_t size)
{
    unsigned char *p = malloc(size);
    memset(p, 1, size);
    unsigned char *q = realloc(p, size / 2);
    *(volatile unsigned char *)opaque(q + size / 2 + 8192) = 1;
    _exit(3);
}

#define WRITTEN "write after free"

const struct hardened_case after_free_cases[] = {
    {"a write to a freed block's first byte", first_byte, 1, ENDING_NAMED, WRITTEN, CONTROL_DIFFERS,
     false},
    {"a write to a freed block's first byte", first_byte, 200, ENDING_NAMED, WRITTEN,
     CONTROL_DIFFERS, false},
    {"a write in a freed block", middle_byte, 64, ENDING_NAMED, WRITTEN, CONTROL_DIFFERS, true},
    {"a write in a freed block", middle_byte, 333, ENDING_NAMED, WRITTEN, CONTROL_DIFFERS, true},
    {"a write in a freed block", middle_byte, 2000, ENDING_NAMED, WRITTEN, CONTROL_DIFFERS, true},
    {"a write in a freed block", middle_byte, 32000, ENDING_NAMED, WRITTEN, CONTROL_DIFFERS, true},
    {"a write to a freed block's last byte", last_byte, 100, ENDING_NAMED, WRITTEN, CONTROL_DIFFERS,
     false},
    {"a write to a freed block's last byte", last_byte, 10904, ENDING_NAMED, WRITTEN,
     CONTROL_DIFFERS, false},
    {"a write to a block freed long ago", long_after, 100, ENDING_NAMED, WRITTEN, CONTROL_DIFFERS,
     true},
    {"a freed block's bytes are zero", is_clear, 20, ENDING_CLEAN, NULL, CONTROL_DIFFERS, false},
    {"a freed block's bytes are zero", is_clear, 1040, ENDING_CLEAN, NULL, CONTROL_DIFFERS, true},
    {"a freed block's bytes are zero", is_clear, 30000, ENDING_CLEAN, NULL, CONTROL_DIFFERS, true},
    {"a write to a freed large block", write_to_large, 100000, ENDING_FAULT, NULL, CONTROL_DIFFERS,
     false},
    {"a write to a freed large block", write_to_large, 5 << 20, ENDING_FAULT, NULL, CONTROL_DIFFERS,
     false},
    {"a read from a freed large block", read_from_large, 100000, ENDING_FAULT, NULL,
     CONTROL_DIFFERS, false},
    {"a freed large block waits", large_waits, 100000, ENDING_CLEAN, NULL, CONTROL_DIFFERS, false},
    {"a write to what realloc cut off", write_behind_shrunk, 1 << 20, ENDING_FAULT, NULL,
     CONTROL_DIFFERS, false},
    {0},
};
