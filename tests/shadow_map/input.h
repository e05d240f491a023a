/* SPDX-License-Identifier: MIT */
/* What a fuzzer's input is: choices for threads that take turns. */
#ifndef TESTS_INPUT_H
#define TESTS_INPUT_H

#include "interleaved.h"

enum {
    INPUT_BYTES_MAX = 4096,
    INPUT_OPERATIONS_MAX = 10000, /* calls of the allocator, whatever the input says */
};

static inline void input_run(const uint8_t *bytes, size_t length)
{
    struct choices from = choices_of_bytes(bytes, length, INPUT_OPERATIONS_MAX);
    interleaved_run(&from);
}

#endif
