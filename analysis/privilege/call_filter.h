/* SPDX-License-Identifier: MIT */
/*
 * A list of the system calls that a process may make from now on; any other ends it with SIGSYS
 * (seccomp(2), filter mode). Ours, since it must not depend on what is installed: the filter of a
 * plain list is a dozen instructions.
 */
#ifndef ANALYSIS_CALL_FILTER_H
#define ANALYSIS_CALL_FILTER_H

#include <stddef.h>
#include <stdint.h>

struct allowed_call {
    int number;
    int argument;       /* looked at where `forbidden` isn't 0 */
    uint32_t forbidden; /* bits that must not be set in the argument's lower half */
};

enum { ALLOWED_CALLS_MOST = 64 };

/* All flags of open(2) but those that only read: a mask for `forbidden`. */
#define OPEN_FOR_MORE (~(uint32_t)(O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_DIRECTORY))

/* Needs no_new_privs. 0, or -1 with errno: ENOSYS on a processor it doesn't know, EINVAL where the
 * kernel has no seccomp. */
int call_filter_set(const struct allowed_call *calls, size_t count);

#endif
