/* SPDX-License-Identifier: MIT */
/* The file that this process image writes samples to. */
#ifndef ANALYSIS_FOLLOWER_SAMPLE_FILE_H
#define ANALYSIS_FOLLOWER_SAMPLE_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "follow_layout.h"

enum { SAMPLE_WINDOWS = FOLLOW_BYTES_MAX / FOLLOW_WINDOW_BYTES };

/* Zeroes before the start. The file's mappings are not inherited by children. */
struct sample_file {
    struct follow_header *header;
    char *records;                  /* FOLLOW_BYTES_MAX of addresses */
    uint8_t mapped[SAMPLE_WINDOWS]; /* which of them are; by atomic access alone, as the rest */
    uint32_t is_reading_maps;
    uint64_t maps_due; /* not before that time */
    uint64_t maps_hash;
    char path[PATH_MAX];
};

/* `<pid>.<n>.follow` in the folder. False: there is no room. */
bool sample_file_start(struct sample_file *file, const char *folder);

/* Room for a record, whose `bytes` is written; NULL: there is no more of it. */
struct follow_record *sample_file_reserve(struct sample_file *file, size_t bytes);

/* The record needs no more than that. */
void sample_file_trim(struct sample_file *file, struct follow_record *record, size_t bytes);

/* Tells what is mapped, if that has changed; at most a hundredth of the time goes into it. */
void sample_file_maps(struct sample_file *file, uint64_t now);

/* ns of CLOCK_MONOTONIC. */
uint64_t sample_file_now(void);

/* No more samples are taken, for the first reason given. */
void sample_file_stop(struct sample_file *file, int why);
bool sample_file_has_stopped(const struct sample_file *file);

#endif
