/* SPDX-License-Identifier: MIT */
#include "own_thread.h"

#include <errno.h>
#include <unistd.h>

int own_thread_open(struct perf_event_attr attr, struct ring *ring, size_t pages)
{
    attr.disabled = 1;
    attr.inherit = 0;
    attr.enable_on_exec = 0;
    attr.mmap = attr.mmap2 = attr.comm = attr.comm_exec = attr.task = 0;
    int event = perf_event_open_on(&attr, 0, -1);
    if (event >= 0 && ring_map(ring, event, pages))
        return event;
    int error = errno;
    if (event >= 0)
        close(event);
    errno = error;
    return -1;
}
