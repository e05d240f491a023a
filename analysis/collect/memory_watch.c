/* SPDX-License-Identifier: MIT */
#include "memory_watch.h"

#include <errno.h>
#include <math.h>

#include "clock.h"

/* Half as much again is looked at whatever the time. */
#define LEAP        1.5
/* A short program is worth more: the part of the time for the first looks, of so many seconds in
 * all. */
#define FIRST_SHARE 0.1
#define FIRST_S     0.02

struct biggest {
    pid_t pid;
    uint64_t bytes;
};

static void compare(void *context, pid_t pid)
{
    struct biggest *biggest = context;
    uint64_t bytes = resident_total(pid);
    if (bytes > biggest->bytes)
        *biggest = (struct biggest){pid, bytes};
}

static uint64_t difference(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

static void keep(struct memory_watch *watch, pid_t pid, const struct hak_counter_header *header,
                 const struct hak_counter_page *sum, const struct resident *resident)
{
    watch->seen = true;
    watch->pid = pid;
    watch->at = clock_seconds();
    watch->resident = *resident;
    for (size_t c = 0; c < header->slab_classes; c++)
        watch->live[c] = difference(sum->mallocs[c], sum->frees[c]) * header->class_bytes[c];
    uint64_t beyond_slabs = difference(sum->count[HAK_COUNT_large_bytes_allocated],
                                       sum->count[HAK_COUNT_large_bytes_freed]);
    watch->live_large = difference(beyond_slabs, header->huge_bytes);
}

static void look(struct memory_watch *watch, pid_t pid)
{
    struct hak_counter_header header;
    struct hak_counter_page sum;
    struct resident resident;
    errno = 0;
    bool done = watch->counted.read(watch->counted.context, pid, &header, &sum) &&
                header.words_address != 0 && resident_read(pid, &header, &resident);
    watch->error = done ? 0 : errno;
    watch->looks++;
    if (done && resident.total > watch->resident.total)
        keep(watch, pid, &header, &sum, &resident);
}

void memory_watch_tick(struct memory_watch *watch)
{
    struct biggest biggest = {0};
    watch->counted.each_process(watch->counted.context, compare, &biggest);
    double begin = clock_seconds();
    if (biggest.bytes <= watch->bar ||
        (begin < watch->not_before && (double)biggest.bytes < LEAP * (double)watch->bar))
        return;
    look(watch, biggest.pid);
    double end = clock_seconds();
    watch->bar = biggest.bytes;
    watch->look_s += end - begin;
    double share = watch->look_s < FIRST_S ? fmax(FIRST_SHARE, watch->share) : watch->share;
    watch->not_before = end + (end - begin) * (1 / share - 1);
}
