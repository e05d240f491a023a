/* SPDX-License-Identifier: MIT */
/* A stream of bytes, written compressed as gzip does (RFC 1952). */
#ifndef ANALYSIS_COMPRESSED_H
#define ANALYSIS_COMPRESSED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <zlib.h>

struct compressed {
    FILE *stream;
    z_stream state;
    int error; /* errno of what failed first; 0: nothing has */
};

void compressed_start(struct compressed *compressed, FILE *stream);
void compressed_add(struct compressed *compressed, const void *bytes, size_t count);

/* What is still held back. 0, or -1 with errno if anything has failed. */
int compressed_end(struct compressed *compressed);

#endif
