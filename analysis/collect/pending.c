/* SPDX-License-Identifier: MIT */
#include "pending.h"

#include <stdlib.h>
#include <string.h>

static bool make_room(struct pending *pending, size_t bytes)
{
    if (pending->count == pending->capacity) {
        size_t capacity = pending->capacity ? 2 * pending->capacity : 1024;
        void *records = reallocarray(pending->records, capacity, sizeof *pending->records);
        if (!records)
            return false;
        pending->records = records;
        pending->capacity = capacity;
    }
    if (pending->byte_count + bytes > pending->byte_capacity) {
        size_t capacity = 2 * pending->byte_capacity + 65536;
        char *room = realloc(pending->bytes, capacity);
        if (!room)
            return false;
        pending->bytes = room;
        pending->byte_capacity = capacity;
    }
    return true;
}

bool pending_add(struct pending *pending, const struct perf_event_header *header, uint64_t time)
{
    size_t bytes = (header->size + 7u) & ~(size_t)7;
    if (!make_room(pending, bytes))
        return false;
    memcpy(pending->bytes + pending->byte_count, header, header->size);
    pending->records[pending->count] =
        (struct pending_record){time, pending->count, pending->byte_count};
    pending->count++;
    pending->byte_count += bytes;
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct pending_record *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* Moves what stays to the front, in the order of time; its bytes too, so that both stay bounded. */
static void keep_from(struct pending *pending, size_t first)
{
    char *kept = NULL;
    size_t bytes = 0, count = pending->count - first;
    if (count != 0 && !(kept = malloc(pending->byte_capacity)))
        count = 0;
    for (size_t i = 0; i < count; i++) {
        struct pending_record record = pending->records[first + i];
        const struct perf_event_header *header = (const void *)(pending->bytes + record.offset);
        memcpy(kept + bytes, header, header->size);
        pending->records[i] = (struct pending_record){record.time, i, bytes};
        bytes += (header->size + 7u) & ~(size_t)7;
    }
    if (kept) {
        free(pending->bytes);
        pending->bytes = kept;
    }
    pending->count = count;
    pending->byte_count = bytes;
}

void pending_pass(struct pending *pending, uint64_t time,
                  void (*take)(void *, const struct perf_event_header *), void *context)
{
    size_t i;
    if (pending->count == 0)
        return;
    qsort(pending->records, pending->count, sizeof *pending->records, by_time);
    for (i = 0; i < pending->count && pending->records[i].time <= time; i++)
        take(context, (const void *)(pending->bytes + pending->records[i].offset));
    keep_from(pending, i);
}

void pending_finish(struct pending *pending)
{
    free(pending->records);
    free(pending->bytes);
    *pending = (struct pending){0};
}
