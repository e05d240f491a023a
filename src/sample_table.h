/* SPDX-License-Identifier: MIT */
/*
 * The sampled blocks that are live, by address, and for a while those that are not any more, so
 * that a misuse of one can name who asked for it. Under the lock of sample.c, except where it says
 * otherwise. Its memory is mapped when it is first needed, and never given back.
 */
#ifndef HAK_SAMPLE_TABLE_H
#define HAK_SAMPLE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HAK_SAMPLES_MAX = 1 << 16,     /* live ones: of 32 GiB at the interval that is recommended */
    HAK_SAMPLES_REMEMBERED = 1024, /* dead ones before their places are used again */
    HAK_SAMPLE_FRAMES = 6,
};

struct follow_sample;

struct hak_sample {
    const void *block;
    uint64_t size;     /* that was asked for */
    uint64_t length;   /* that its chance is of, see sample.h */
    uint64_t interval; /* and this */
    uint64_t born;     /* ns of CLOCK_MONOTONIC */
    uint32_t thread;   /* the kernel's number */
    bool is_live;
    uint8_t frame_count;
    uint32_t next;                       /* in its bucket, or among the dead: index + 1 */
    struct follow_sample *record;        /* in the file; NULL: in none */
    uintptr_t frames[HAK_SAMPLE_FRAMES]; /* what returns to the program: see sample_stack.h */
};

/* A new one, of which only the block is filled in. NULL: no memory, or they are too many. */
struct hak_sample *hak_sample_table_add(const void *block);

/* The live one; NULL: none. */
struct hak_sample *hak_sample_table_find(const void *block);
void hak_sample_table_remove(struct hak_sample *sample);

/* Live ones; also asked without the lock. */
uint32_t hak_sample_table_count(void);

/* None has a record any more. */
void hak_sample_table_forget_records(void);

/* The one born last that `pointer` lies in, live or dead. Without the lock, for the last line of a
 * process: what other threads change meanwhile may be told wrong. */
const struct hak_sample *hak_sample_table_around(const void *pointer);

#endif
