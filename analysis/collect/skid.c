/* SPDX-License-Identifier: MIT */
#include "skid.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "own_thread.h"
#include "record.h"

enum { FREQUENCY = 3989, SAMPLES = 1000, RING_PAGES = 16, ROUNDS = 100000 };

struct tally {
    const struct perf_choice *choice;
    const struct known_loop *loop;
    struct skid *skid;
};

static double thread_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void take(void *context, const struct perf_event_header *header)
{
    const struct tally *tally = context;
    struct skid *skid = tally->skid;
    struct time_sample sample;
    if (header->type != PERF_RECORD_SAMPLE ||
        !record_time_sample(header, tally->choice->kernel, &sample) || sample.in_kernel)
        return;
    skid->samples++;
    if (sample.address == (uintptr_t)tally->loop->slow)
        skid->slow++;
    else if (sample.address == (uintptr_t)tally->loop->next)
        skid->next++;
    else
        skid->elsewhere++;
}

int skid_measure(const struct perf_choice *choice, const struct known_loop *loop, struct skid *skid)
{
    struct ring ring = {0};
    struct tally tally = {choice, loop, skid};
    struct perf_event_attr attr = choice->attr;
    unsigned highest = perf_event_highest_frequency();
    *skid = (struct skid){0};
    errno = ENOSYS;
    if (!loop->call)
        return -1;
    attr.sample_freq = highest && highest < FREQUENCY ? highest : FREQUENCY;
    int event = own_thread_open(attr, &ring, RING_PAGES);
    if (event < 0)
        return -1;
    for (double end = thread_seconds() + 1; skid->samples < SAMPLES && thread_seconds() < end;) {
        ioctl(event, PERF_EVENT_IOC_ENABLE, 0);
        loop->call(ROUNDS);
        ioctl(event, PERF_EVENT_IOC_DISABLE, 0);
        ring_drain(&ring, take, &tally);
    }
    ring_unmap(&ring);
    close(event);
    return 0;
}
