/* SPDX-License-Identifier: MIT */
/* Producers allocate, consumers free. One to one, one to many, many to one or many to many; each
 * producer serves the consumers in turn, by way of a bounded queue between each two of them. */
#include <sched.h>
#include <stdlib.h>

#include "crew.h"
#include "ring.h"

enum { PRODUCERS, CONSUMERS, BLOCKS, LARGEST, SEED, OPTIONS };

struct parcel {
    uint64_t size;
    unsigned char bytes[];
};

struct exchange {
    struct ring *rings; /* [producer][consumer] */
    _Atomic bool stop;  /* a producer ran out of memory */
};

static struct parcel *make(size_t size, uint64_t random)
{
    struct parcel *parcel = malloc(sizeof *parcel + size);
    if (parcel) {
        parcel->size = size;
        workload_write_ends(parcel->bytes, size, random);
    }
    return parcel;
}

static bool produce(struct crew_member *member)
{
    struct exchange *exchange = member->shared;
    const uint64_t *numbers = member->numbers;
    struct ring *rings = exchange->rings + member->index * numbers[CONSUMERS];
    uint64_t random = workload_stream(numbers[SEED], member->index), consumer = 0;
    for (uint64_t i = 0; i < numbers[BLOCKS]; i++) {
        workload_random(&random);
        struct parcel *parcel = make(1 + workload_below(random, numbers[LARGEST]), random);
        if (!parcel) {
            atomic_store(&exchange->stop, true);
            return false;
        }
        while (!ring_put(&rings[consumer], parcel))
            sched_yield();
        consumer = consumer + 1 == numbers[CONSUMERS] ? 0 : consumer + 1;
    }
    member->operations = numbers[BLOCKS];
    return true;
}

/* How many of a producer's blocks come to this consumer. */
static uint64_t share(const uint64_t *numbers, uint64_t consumer)
{
    return (numbers[BLOCKS] + numbers[CONSUMERS] - 1 - consumer) / numbers[CONSUMERS];
}

static bool take_all(struct crew_member *member, struct ring *ring)
{
    struct parcel *parcel;
    bool any = false;
    while ((parcel = ring_take(ring)) != NULL) {
        member->checksum += workload_read_ends(parcel->bytes, parcel->size) * parcel->size;
        free(parcel);
        member->operations++;
        any = true;
    }
    return any;
}

static bool consume(struct crew_member *member)
{
    struct exchange *exchange = member->shared;
    const uint64_t *numbers = member->numbers;
    uint64_t consumer = member->index - numbers[PRODUCERS];
    uint64_t wanted = numbers[PRODUCERS] * share(numbers, consumer);
    while (member->operations < wanted) {
        bool any = false;
        for (uint64_t i = 0; i < numbers[PRODUCERS]; i++)
            any |= take_all(member, &exchange->rings[i * numbers[CONSUMERS] + consumer]);
        if (any)
            continue;
        if (atomic_load(&exchange->stop))
            return false;
        sched_yield();
    }
    return true;
}

static bool work(struct crew_member *member)
{
    return member->index < member->numbers[PRODUCERS] ? produce(member) : consume(member);
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    size_t bytes = numbers[PRODUCERS] * numbers[CONSUMERS] * sizeof(struct ring);
    struct exchange exchange = {.rings = workload_map(bytes)};
    bool done = exchange.rings &&
                crew_run(numbers[PRODUCERS] + numbers[CONSUMERS], work, numbers, &exchange, result);
    workload_unmap(exchange.rings, bytes);
    return done;
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "producer_consumer",
        .summary = "Some threads allocate, others free.",
        .option_count = OPTIONS,
        .options = {[PRODUCERS] = {"producers", "threads that allocate", 1, 256, 1},
                    [CONSUMERS] = {"consumers", "threads that free", 1, 256, 1},
                    [BLOCKS] = {"blocks", "blocks, a producer", 1, 1ull << 40, 2000000},
                    [LARGEST] = {"largest", "bytes of the largest block", 1, 1ull << 30, 512},
                    [SEED] = {"seed", "of the random numbers", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
