/* SPDX-License-Identifier: MIT */
/* A process that runs and isn't ours: whether it can be watched, and for how long. It is never
 * stopped. */
#ifndef ANALYSIS_ATTACHMENT_H
#define ANALYSIS_ATTACHMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { ATTACHMENT_WORDS = 64, ATTACHMENT_BYTES = 1024 };

struct attachment {
    pid_t pid;
    int descriptor; /* of the process (pidfd), or -1 where the kernel has none */
    int signals;    /* signalfd */
    char text[ATTACHMENT_BYTES];
    char *command[ATTACHMENT_WORDS + 1]; /* its arguments, shortened; NULL-terminated */
};

struct attachment_end {
    double started; /* seconds of the monotonic clock */
    double seconds;
    bool has_ended; /* the process; else the time was up, or a signal came */
};

/* False with one line in `why`: there is no such process, or none that has a program of this kind,
 * or it is not ours to watch. */
bool attachment_open(struct attachment *attachment, pid_t pid, char *why, size_t why_bytes);

/* Until the process ends, `seconds` are over (0: not by time), or this process gets SIGINT,
 * SIGTERM, SIGHUP or SIGQUIT. Calls `tick`, which answers in how many ms it wants to be called
 * again. */
void attachment_wait(struct attachment *attachment, double seconds, int (*tick)(void *context),
                     void *context, struct attachment_end *end);

void attachment_close(struct attachment *attachment);

#endif
