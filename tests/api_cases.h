/* SPDX-License-Identifier: MIT */
/* The answers users rely on, as cases of api_probe. */
#ifndef TESTS_API_CASES_H
#define TESTS_API_CASES_H

#include <stddef.h>

enum { API_ANSWER_BYTES = 160 };

struct api_case {
    const char *name;
    /* Writes the allocator's answer, at most API_ANSWER_BYTES with the 0. `word` is below. */
    void (*ask)(char *answer, const char *word);
    const char *word;    /* handed to `ask` */
    const char *promise; /* what hakmem must answer; alternatives are parted by | */
};

/* Lists that end with a case without a name: names, and the behaviour behind them. */
extern const struct api_case api_surface[], api_blocks[], api_refusals[], api_reports[];

#endif
