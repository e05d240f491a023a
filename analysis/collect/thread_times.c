/* SPDX-License-Identifier: MIT */
#include "thread_times.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Threads are renamed seldom: their names are read in every so many readings. */
enum { NAME_EVERY = 8 };

static bool read_text(int folder, const char *tid, const char *file, char *text, size_t bytes)
{
    char path[64];
    snprintf(path, sizeof path, "%.20s/%s", tid, file);
    int descriptor = openat(folder, path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    ssize_t got = read(descriptor, text, bytes - 1);
    close(descriptor);
    text[got > 0 ? got : 0] = '\0';
    return got > 0;
}

/* Threads come in the order of before, so it is nearly always the next one. */
static const struct thread_time *before(const struct thread_times *old, size_t place, pid_t tid)
{
    for (size_t i = 0; i < old->count; i++) {
        const struct thread_time *thread = &old->threads[(place + i) % old->count];
        if (thread->tid == tid)
            return thread;
    }
    return NULL;
}

static bool read_thread(int folder, const char *entry, const struct thread_times *old, size_t place,
                        struct thread_time *thread)
{
    char text[64];
    pid_t tid = (pid_t)strtol(entry, NULL, 10);
    const struct thread_time *then = before(old, place, tid);
    *thread = then ? *then : (struct thread_time){.tid = tid};
    if (!read_text(folder, entry, "schedstat", text, sizeof text))
        return false;
    thread->cpu_ns = strtoull(text, NULL, 10);
    if (then && (old->readings + (unsigned)tid) % NAME_EVERY != 0)
        return true;
    if (read_text(folder, entry, "comm", text, sizeof text))
        snprintf(thread->name, sizeof thread->name, "%.*s", (int)strcspn(text, "\n"), text);
    return true;
}

void thread_times_read(struct thread_times *times, pid_t pid)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *folder = opendir(path);
    struct thread_times old = *times;
    times->count = 0;
    times->readings++;
    if (!folder)
        return;
    for (struct dirent *entry; times->count < THREAD_TIMES_MAX && (entry = readdir(folder));) {
        if (entry->d_name[0] != '.' && read_thread(dirfd(folder), entry->d_name, &old, times->count,
                                                   &times->threads[times->count]))
            times->count++;
    }
    closedir(folder);
}
