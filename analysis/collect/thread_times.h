/* SPDX-License-Identifier: MIT */
/* The processor time of each thread of a process that runs, read again and again. */
#ifndef ANALYSIS_THREAD_TIMES_H
#define ANALYSIS_THREAD_TIMES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { THREAD_TIMES_MAX = 256 };

struct thread_time {
    pid_t tid;
    char name[20];   /* as the thread calls itself; read anew now and then */
    uint64_t cpu_ns; /* /proc/PID/task/TID/schedstat, 0 where the kernel has none */
};

struct thread_times {
    struct thread_time threads[THREAD_TIMES_MAX]; /* of more threads, the oldest */
    size_t count;
    unsigned readings;
};

/* Zero-initialised before the first time. */
void thread_times_read(struct thread_times *times, pid_t pid);

#endif
