/* SPDX-License-Identifier: MIT */
/* What a report prints of names that somebody else chose. */
#ifndef TESTS_PRINTED_H
#define TESTS_PRINTED_H

#include "fuzz.h"

/* No terminal takes any of it for a command: no control character but the line feed, of ASCII or,
 * in UTF-8, of Latin 1. */
static inline void printed_check(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        fuzz_check((c >= ' ' && c != 0x7f) || c == '\n');
        fuzz_check(c != 0xc2 || (unsigned char)text[i + 1] >= 0xa0);
    }
}

#endif
