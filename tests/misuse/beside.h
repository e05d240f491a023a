/* SPDX-License-Identifier: MIT */
/*
 * Cases of misuse, each in a child of its own, on glibc and on hakmem side by side:
 *
 *     PROGRAM LIBHAKMEM    runs itself on both, prints the table, fails where hakmem's answer is
 * not the one that is promised PROGRAM --answers    the answers of the malloc it runs on, one line
 * a case PROGRAM              on hakmem by preload: the verdicts alone
 */
#ifndef TESTS_BESIDE_H
#define TESTS_BESIDE_H

#include <stdbool.h>
#include <stddef.h>

/* What a case's child tells its parent before it does what is wrong. */
struct expectation {
    void *pointer;  /* that the line must name; NULL: the case could not be made, or is fine */
    char line[512]; /* the whole line without its newline; empty: any by hakmem with the pointer */
};

extern struct expectation *expected; /* shared with the parent */

/* Sets the pointer and nothing else, and hides it from the compiler. */
void *accuse(void *pointer);

/* Sets the pointer and the line, from `format`. */
void expect(void *pointer, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct misuse_case {
    const char *name;
    void (*act)(size_t size); /* in a child; ends in a misuse */
    size_t size;
};

int beside_main(int argc, char **argv, const struct misuse_case *cases, size_t count);

#endif
