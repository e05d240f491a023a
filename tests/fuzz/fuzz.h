/* SPDX-License-Identifier: MIT */
/*
 * A harness is one file: it defines the first two functions. libFuzzer calls the first; the driver
 * calls it for each file of the corpus, each seed, and mutations of both.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parses the input and checks what came of it; 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

typedef void fuzz_keep(const char *name, const void *bytes, size_t count);

static inline void fuzz_keep_text(fuzz_keep *keep, const char *name, const char *text)
{
    keep(name, text, strlen(text));
}

/* Calls `keep` with inputs that the parser takes, each reaching another part of it. `name` is that
 * of the file that stands for it in the corpus. */
void fuzz_seeds(fuzz_keep *keep);

/* What must hold, whatever the input is. */
#define fuzz_check(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* An input that is taken from its beginning on. */
struct fuzz_input {
    const uint8_t *at;
    size_t left;
};

/* Copies as much as there is; the rest is zeroes. */
static inline void fuzz_take(struct fuzz_input *input, void *to, size_t bytes)
{
    size_t count = bytes < input->left ? bytes : input->left;
    memset(to, 0, bytes);
    if (count)
        memcpy(to, input->at, count);
    input->at += count;
    input->left -= count;
}

static inline uint8_t fuzz_take_byte(struct fuzz_input *input)
{
    uint8_t byte;
    fuzz_take(input, &byte, sizeof byte);
    return byte;
}

/* The part behind a length of 16 bits, or as much of it as there is; its size in `bytes`. */
static inline const uint8_t *fuzz_take_part(struct fuzz_input *input, size_t *bytes)
{
    uint16_t length;
    fuzz_take(input, &length, sizeof length);
    const uint8_t *part = input->at;
    *bytes = length < input->left ? length : input->left;
    input->at += *bytes;
    input->left -= *bytes;
    return part;
}

/* What is left, as a text that ends; the caller's. */
static inline char *fuzz_text(const struct fuzz_input *input)
{
    char *text = malloc(input->left + 1);
    fuzz_check(text);
    if (input->left)
        memcpy(text, input->at, input->left);
    text[input->left] = '\0';
    return text;
}

/* An input in the making, for seeds. */
struct fuzz_output {
    uint8_t bytes[65536];
    size_t count;
};

static inline void fuzz_put(struct fuzz_output *output, const void *bytes, size_t count)
{
    fuzz_check(count <= sizeof output->bytes - output->count);
    memcpy(output->bytes + output->count, bytes, count);
    output->count += count;
}

static inline void fuzz_put_part(struct fuzz_output *output, const void *bytes, size_t count)
{
    uint16_t length = (uint16_t)count;
    fuzz_put(output, &length, sizeof length);
    fuzz_put(output, bytes, count);
}

#endif
