/* SPDX-License-Identifier: MIT */
#include "profile_places.h"

#include <stdlib.h>

enum { CAPACITY_LEAST = 1024 };

/* Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): the product's high bits. */
static struct profile_place *find(const struct profile_places *places,
                                  const struct profile_place *wanted)
{
    uint64_t key = (uintptr_t)wanted->path ^ wanted->offset << 1 ^ wanted->in_kernel;
    size_t at = (size_t)(key * 0x9e3779b97f4a7c15u >> 32) & (places->capacity - 1);
    for (;; at = (at + 1) & (places->capacity - 1)) {
        struct profile_place *place = &places->items[at];
        if (!place->path || (place->path == wanted->path && place->offset == wanted->offset &&
                             place->in_kernel == wanted->in_kernel))
            return place;
    }
}

/* At most half of the table is in use, so that a place is found in about two looks. */
static bool grow(struct profile_places *places)
{
    struct profile_places wider = {
        .count = places->count,
        .capacity = places->capacity ? 2 * places->capacity : CAPACITY_LEAST,
    };
    if (places->count < places->capacity / 2)
        return true;
    wider.items = calloc(wider.capacity, sizeof wider.items[0]);
    if (!wider.items)
        return false;
    for (size_t i = 0; i < places->capacity; i++) {
        if (places->items[i].path)
            *find(&wider, &places->items[i]) = places->items[i];
    }
    free(places->items);
    *places = wider;
    return true;
}

bool profile_places_add(struct profile_places *places, const struct profile_place *place)
{
    if (!grow(places))
        return false;
    struct profile_place *found = find(places, place);
    if (!found->path) {
        *found = (struct profile_place){place->path, place->offset, place->in_kernel, 0, 0};
        places->count++;
    }
    found->samples += place->samples;
    found->weight += place->weight;
    return true;
}

void profile_places_finish(struct profile_places *places)
{
    free(places->items);
    *places = (struct profile_places){0};
}
