/* SPDX-License-Identifier: MIT */
#include "ring.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

bool ring_map(struct ring *ring, int descriptor, size_t pages)
{
    size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    for (; pages >= 4; pages /= 2) {
        void *start =
            mmap(NULL, (pages + 1) * page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (start != MAP_FAILED) {
            ring->page = start;
            ring->data_bytes = pages * page_bytes;
            return true;
        }
        /* An ordinary user's locked memory is bounded (kernel.perf_event_mlock_kb). */
        if (errno != EPERM && errno != ENOMEM)
            break;
    }
    ring->page = NULL;
    return false;
}

void ring_unmap(struct ring *ring)
{
    if (ring->page)
        munmap(ring->page, ring->data_bytes + (size_t)sysconf(_SC_PAGESIZE));
    ring->page = NULL;
}

unsigned long long ring_written(const struct ring *ring)
{
    return __atomic_load_n(&ring->page->data_head, __ATOMIC_ACQUIRE);
}

static void copy_out(const struct ring *ring, uint64_t position, void *to, size_t bytes)
{
    const char *data = (const char *)ring->page + sysconf(_SC_PAGESIZE);
    size_t start = position & (ring->data_bytes - 1);
    size_t first = bytes < ring->data_bytes - start ? bytes : ring->data_bytes - start;
    memcpy(to, data + start, first);
    memcpy((char *)to + first, data, bytes - first);
}

void ring_drain(struct ring *ring, void (*take)(void *, const struct perf_event_header *),
                void *context)
{
    union {
        struct perf_event_header header;
        uint64_t words[65536 / sizeof(uint64_t)]; /* the size of a record is 16 bits */
    } record;
    if (!ring->page)
        return;
    uint64_t end = ring_written(ring);
    uint64_t position = ring->page->data_tail;
    if (end - position > ring->data_bytes)
        position = end; /* no kernel writes over what was not read */
    while (end - position >= sizeof record.header) {
        copy_out(ring, position, &record, sizeof record.header);
        size_t bytes = record.header.size;
        if (bytes < sizeof record.header || bytes % 8 || bytes > end - position)
            break;
        copy_out(ring, position, &record, bytes);
        take(context, &record.header);
        position += bytes;
    }
    __atomic_store_n(&ring->page->data_tail, end, __ATOMIC_RELEASE);
}
