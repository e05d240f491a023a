/* SPDX-License-Identifier: MIT */
#include "slow_path_tracepoint.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRACEPOINT_CALLS = 16 }; /* at most */

static const char tracefs[] = "/sys/kernel/tracing";

static int number_of(const char *end, const char *name)
{
    char path[128];
    int number = 0;
    snprintf(path, sizeof path, "%s/events/syscalls/%s_%s/id", tracefs, end, name);
    FILE *file = fopen(path, "re");
    if (file && fscanf(file, "%d", &number) != 1)
        number = 0;
    if (file)
        fclose(file);
    return number;
}

static bool read_numbers(const char *const *names, int count, int *numbers)
{
    for (int i = 0; i < count; i++) {
        numbers[2 * i] = number_of("sys_enter", names[i]);
        numbers[2 * i + 1] = number_of("sys_exit", names[i]);
    }
    return numbers[0] > 0;
}

static void __attribute__((noreturn)) mount_and_tell(const char *const *names, int count, int to)
{
    int numbers[2 * TRACEPOINT_CALLS];
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tracefs", tracefs, "tracefs", 0, NULL) != 0 || !read_numbers(names, count, numbers))
        _exit(1);
    size_t bytes = (size_t)count * 2 * sizeof *numbers;
    _exit(write(to, numbers, bytes) == (ssize_t)bytes ? 0 : 1);
}

bool system_call_tracepoints(const char *const *names, int count, int *numbers)
{
    int ends[2], status = 1;
    ssize_t bytes = (ssize_t)((size_t)count * 2 * sizeof *numbers);
    if (read_numbers(names, count, numbers))
        return true;
    if (count > TRACEPOINT_CALLS || pipe(ends) != 0)
        return false;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        mount_and_tell(names, count, ends[1]);
    close(ends[1]);
    bool known = child > 0 && read(ends[0], numbers, (size_t)bytes) == bytes;
    close(ends[0]);
    return child > 0 && waitpid(child, &status, 0) == child && status == 0 && known;
}
