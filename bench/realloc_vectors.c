/* SPDX-License-Identifier: MIT */
/* Vectors of numbers that grow at their end by realloc, to one and a half times as much when they
 * are full. One that has reached its length is freed and begun anew. */
#include <stdlib.h>

#include "crew.h"

enum { THREADS, OPERATIONS, VECTORS, LONGEST, SEED, OPTIONS };

struct vector {
    uint64_t *items;
    uint64_t length, room, end; /* freed when it has `end` items */
};

static bool push(struct vector *vector, uint64_t item)
{
    if (vector->length == vector->room) {
        uint64_t room = vector->room + vector->room / 2 + 2;
        uint64_t *items = realloc(vector->items, room * sizeof *items);
        if (!items)
            return false;
        vector->items = items;
        vector->room = room;
    }
    vector->items[vector->length++] = item;
    return true;
}

static uint64_t finish(struct vector *vector)
{
    uint64_t sum = 0;
    for (uint64_t i = 0; i < vector->length; i++)
        sum = sum * 31 + vector->items[i];
    free(vector->items);
    *vector = (struct vector){NULL, 0, 0, 0};
    return sum;
}

/* Short vectors are as likely as long ones, by powers of two. */
static uint64_t choose_end(uint64_t longest, uint64_t random)
{
    uint64_t end = longest >> (random & 7);
    return 1 + workload_below(random, end ? end : 1);
}

static bool grow(struct crew_member *member, struct vector *vectors)
{
    const uint64_t *numbers = member->numbers;
    uint64_t random = workload_stream(numbers[SEED], member->index);
    for (uint64_t i = 0; i < numbers[OPERATIONS]; i++) {
        workload_random(&random);
        struct vector *vector = &vectors[workload_below(random, numbers[VECTORS])];
        if (vector->end == 0)
            vector->end = choose_end(numbers[LONGEST], workload_random(&random));
        for (uint64_t n = 1 + (random & 31); n > 0; n--)
            if (!push(vector, random + n))
                return false;
        if (vector->length >= vector->end)
            member->checksum = member->checksum * 31 + finish(vector);
    }
    return true;
}

static bool work(struct crew_member *member)
{
    size_t bytes = member->numbers[VECTORS] * sizeof(struct vector);
    struct vector *vectors = workload_map(bytes);
    if (!vectors)
        return false;
    bool done = grow(member, vectors);
    for (uint64_t i = 0; i < member->numbers[VECTORS]; i++)
        member->checksum = member->checksum * 31 + finish(&vectors[i]);
    workload_unmap(vectors, bytes);
    member->operations = member->numbers[OPERATIONS];
    return done;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    return crew_run(numbers[THREADS], work, numbers, NULL, result);
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "realloc_vectors",
        .summary = "Vectors that grow by realloc; an operation adds 1 to 32 items of 8 bytes.",
        .option_count = OPTIONS,
        .options = {[THREADS] = {"threads", "threads", 1, CREW_MAX, 1},
                    [OPERATIONS] = {"operations", "times that a vector grows, a thread", 1,
                                    1ull << 40, 6000000},
                    [VECTORS] = {"vectors", "at a time, a thread", 1, 1u << 30, 200},
                    [LONGEST] = {"longest", "items of the longest vector", 1, 1u << 30, 32768},
                    [SEED] = {"seed", "of the random numbers", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
