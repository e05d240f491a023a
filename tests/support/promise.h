/* SPDX-License-Identifier: MIT */
/*
 * A test program states promises, one line each, and ends with promises_end():
 *
 *     promise(p != NULL, "malloc(%zu) answers", n);
 *     return promises_end();
 *
 * A kept promise prints "ok", a broken one "BROKEN"; one broken promise fails the program.
 * Nothing here allocates, so the allocator under test sees only the test's own calls.
 */
#ifndef TESTS_PROMISE_H
#define TESTS_PROMISE_H

#include <stdbool.h>

enum { TEST_SKIPPED = 77 };

bool promise(bool kept, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A line of information: a rate, a size, a reason. Not judged. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints the totals; the exit status of the program. */
int promises_end(void);

#endif
