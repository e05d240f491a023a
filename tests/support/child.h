/* SPDX-License-Identifier: MIT */
/* Children: run one, catch what it writes, see how it ended. */
#ifndef TESTS_CHILD_H
#define TESTS_CHILD_H

#include <stdbool.h>
#include <stddef.h>

struct child_end {
    bool timed_out;  /* killed by us after the seconds were over */
    int exit_status; /* -1 if a signal ended it */
    int signal;      /* 0 if it exited */
    size_t length;   /* of `text` */
    char text[4096]; /* what it wrote, cut at the end, 0-terminated */
};

/* Forks, runs body(argument) and _exit(0)s; catches stderr. */
struct child_end child_run(void (*body)(void *), void *argument, unsigned seconds);

/* Starts a program (an absolute path) with these arguments and environment; catches stdout. */
struct child_end child_start(char *const *arguments, char *const *environment, unsigned seconds);

/* True if it died of SIGABRT with exactly one line on stderr, by hakmem, that names `pointer`. */
bool child_accused(const struct child_end *end, const void *pointer);

/* One printable line about the end: "exit 0", "SIGABRT: text", "timed out". */
const char *child_describe(const struct child_end *end);

/* True if the pid ended with exit status 0 within the seconds; kills it otherwise. */
bool child_wait_clean(int pid, unsigned seconds);

#endif
