/* SPDX-License-Identifier: MIT */
#include "held_samples.h"

#include <stdlib.h>

bool held_add(struct held_samples *held, const struct time_sample *sample, uint64_t began)
{
    if (held->count == held->capacity) {
        size_t capacity = 2 * held->capacity + 256;
        void *items = reallocarray(held->items, capacity, sizeof *held->items);
        if (!items)
            return false;
        held->items = items;
        held->capacity = capacity;
    }
    held->items[held->count++] = (struct held_sample){*sample, began};
    return true;
}

void held_pass(struct held_samples *held, pid_t pid, uint64_t time,
               void (*take)(void *context, const struct time_sample *sample), void *context)
{
    size_t kept = 0;
    for (size_t i = 0; i < held->count; i++) {
        const struct held_sample *item = &held->items[i];
        if ((pid == 0 || item->sample.pid == pid) && item->began < time)
            take(context, &item->sample);
        else
            held->items[kept++] = *item;
    }
    held->count = kept;
}

void held_finish(struct held_samples *held)
{
    free(held->items);
    *held = (struct held_samples){0};
}
