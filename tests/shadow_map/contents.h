/* SPDX-License-Identifier: MIT */
/*
 * What a live block holds, so that a byte that changed, or a page that is another's, is noticed:
 * one value for each piece of 4 KiB, another for the next. Blocks up to 256 KiB are written and
 * checked whole; of longer ones the beginning of each piece, and the last piece whole; of those of
 * more than 8 MiB, of 2048 pieces.
 */
#ifndef TESTS_CONTENTS_H
#define TESTS_CONTENTS_H

#include <stddef.h>

enum { CONTENTS_RIGHT = -1 };

void contents_fill(unsigned char *block, size_t bytes, unsigned char mark);

/* Of a block that was filled when it had `filled` bytes, the first `bytes`. Returns the offset of
 * a byte that changed, or CONTENTS_RIGHT. */
ptrdiff_t contents_check(const unsigned char *block, size_t bytes, size_t filled,
                         unsigned char mark);

/* The offset of a byte that is not zero, or CONTENTS_RIGHT. */
ptrdiff_t contents_check_zero(const unsigned char *block, size_t bytes);

/* About how much memory a block of so many bytes makes resident. */
size_t contents_resident(size_t bytes);

#endif
