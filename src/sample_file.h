/* SPDX-License-Identifier: MIT */
/*
 * The file that sampled blocks are written to, with their stacks, for who reads it while the
 * program runs or after: `<pid>.<n>.heap` in a folder, as follow_layout.h describes, with
 * FOLLOW_HEAP_MAGIC. What I was and how long the block is tells each record. I doubles after
 * HAK_SAMPLE_FILE_SAMPLES, and where samples cost more than a part of the time, unless it is
 * shorter than recommended, which somebody wanted then; so the file stays bounded, however long a
 * program runs; as what went before alone settles that, it biases nothing.
 *
 * Under the lock of sample.c.
 */
#ifndef HAK_SAMPLE_FILE_H
#define HAK_SAMPLE_FILE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    HAK_SAMPLE_FILE_SAMPLES = 4096, /* of one I */
    HAK_SAMPLE_FILE_LOOK = 64,      /* samples between looks at what they cost */
    HAK_SAMPLE_FILE_PART = 100,     /* of the time that samples may take */
};

struct hak_sample;

/* There will be one in that folder, unless its name is too long, at the first sample. */
void hak_sample_file_start(const char *folder);

/* Of CLOCK_MONOTONIC, ns; where there is no file, as it was at the clock's last step. */
uint64_t hak_sample_file_time(void);

/* Writes a sample of this thread's own, which has just been made; its record is where its end is to
 * be told. True: I is to be doubled. */
bool hak_sample_file_write(struct hak_sample *sample);

/* Its block came back. */
void hak_sample_file_end(struct hak_sample *sample);

/* A block was due and could not be sampled. */
void hak_sample_file_lose(void);

/* In a child, which has none of it; it gets a file of its own. */
void hak_sample_file_forked(void);

#endif
