/* SPDX-License-Identifier: MIT */
#include "slow_path_holder.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DESCRIPTORS = 4096 }; /* far more than a tracer has open */

/* Probes are anonymous inodes; files, pipes and terminals are somebody else's and must not be kept
 * from closing. */
static bool is_probe(int descriptor)
{
    static const char kind[] = "anon_inode:";
    char path[64], target[sizeof kind];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    return readlink(path, target, sizeof target) >= (ssize_t)(sizeof kind - 1) &&
           memcmp(target, kind, sizeof kind - 1) == 0;
}

static bool is_wanted(int descriptor, const int *wanted, int count)
{
    for (int i = 0; i < count; i++) {
        if (wanted[i] == descriptor)
            return true;
    }
    return !wanted;
}

static void __attribute__((noreturn)) hold(int until, const int *wanted, int count)
{
    char byte;
    for (int i = 0, end = getdtablesize(); i < end && i < DESCRIPTORS; i++) {
        if (i != until && !(is_wanted(i, wanted, count) && is_probe(i)))
            close(i);
    }
    while (read(until, &byte, 1) > 0)
        ;
    _exit(0);
}

/* The holder is nobody's child: its end need not be waited for, and a wait for any child cannot
 * meet it. Should we be killed, the pipe closes and it ends, too. */
int holder_start(const int *wanted, int count)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        close(ends[1]);
        pid_t holder = fork();
        if (holder == 0)
            hold(ends[0], wanted, count);
        _exit(holder < 0);
    }
    close(ends[0]);
    int status = 1;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        close(ends[1]);
        return -1;
    }
    return ends[1];
}

void holder_release(int holder)
{
    if (holder >= 0)
        close(holder);
}
