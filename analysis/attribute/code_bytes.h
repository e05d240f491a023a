/* SPDX-License-Identifier: MIT */
/* The bytes of code, from the file that was mapped. */
#ifndef ANALYSIS_CODE_BYTES_H
#define ANALYSIS_CODE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* One file stays open, since questions come in runs about the same one. */
struct code_bytes {
    const char *path; /* NULL: none yet; the caller keeps it */
    int descriptor;   /* -1: can't be read */
};

void code_bytes_close(struct code_bytes *code);

/* How many bytes there are at `offset` in the file, at most `most`; 0 where it can't be read. */
size_t code_bytes_read(struct code_bytes *code, const char *path, uint64_t offset, uint8_t *bytes,
                       size_t most);

/* The same of a file that is open. */
size_t code_bytes_at(int descriptor, uint64_t offset, uint8_t *bytes, size_t most);

/* The same of what the kernel maps as [vdso], which is in no file and the same in every process. */
size_t code_bytes_of_vdso(uint64_t offset, uint8_t *bytes, size_t most);

#endif
