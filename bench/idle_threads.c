/* SPDX-License-Identifier: MIT */
/* Threads that have worked once and now wait, as those of a pool do: each keeps one block in ten.
 * What is resident while they all wait is set beside what is live. */
#include <pthread.h>

#include "crew.h"
#include "slots.h"

enum { THREADS, ROUNDS, BLOCKS, LARGEST, SEED, OPTIONS };
enum { KEPT_OF = 10 };

struct pool {
    pthread_barrier_t barrier;
    _Atomic uint64_t live;
    uint64_t resident_kb; /* written by one thread between the barriers */
};

static bool fill(struct slot *slots, const uint64_t *numbers, uint64_t *random)
{
    for (uint64_t i = 0; i < numbers[BLOCKS]; i++) {
        size_t size = 1 + workload_below(workload_random(random), numbers[LARGEST]);
        if (!slots[i].block && !slot_fill(&slots[i], size, *random))
            return false;
    }
    return true;
}

static bool be_busy(struct crew_member *member, struct slot *slots)
{
    const uint64_t *numbers = member->numbers;
    uint64_t random = workload_stream(numbers[SEED], member->index);
    for (uint64_t round = 0; round < numbers[ROUNDS]; round++) {
        if (!fill(slots, numbers, &random))
            return false;
        for (uint64_t i = 0; i < numbers[BLOCKS]; i++)
            if (i % KEPT_OF != 0)
                member->checksum = member->checksum * 31 + slot_empty(&slots[i]);
    }
    return true;
}

static void wait_idle(struct pool *pool, const struct slot *slots, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        if (slots[i].block)
            pool->live += slots[i].size;
    if (pthread_barrier_wait(&pool->barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
        pool->resident_kb = workload_rss_kb();
    pthread_barrier_wait(&pool->barrier);
}

static bool work(struct crew_member *member)
{
    uint64_t blocks = member->numbers[BLOCKS];
    size_t bytes = blocks * sizeof(struct slot);
    struct slot *slots = workload_map(bytes);
    bool done = slots && be_busy(member, slots);
    wait_idle(member->shared, slots, slots ? blocks : 0);
    if (slots)
        member->checksum = member->checksum * 31 + slots_empty(slots, blocks);
    workload_unmap(slots, bytes);
    member->operations = 2 * member->numbers[ROUNDS] * (blocks - blocks / KEPT_OF);
    return done;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    struct pool pool = {.live = 0};
    if (pthread_barrier_init(&pool.barrier, NULL, (unsigned)numbers[THREADS]) != 0)
        return false;
    bool done = crew_run(numbers[THREADS], work, numbers, &pool, result);
    pthread_barrier_destroy(&pool.barrier);
    result->resident_kb = pool.resident_kb;
    result->live_kb = pool.live / 1024;
    return done;
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "idle_threads",
        .summary = "Threads work once and wait; memory while they wait.",
        .option_count = OPTIONS,
        .options = {[THREADS] = {"threads", "threads", 1, CREW_MAX, 256},
                    [ROUNDS] = {"rounds", "times that a thread fills and empties its slots", 1,
                                1u << 30, 100},
                    [BLOCKS] = {"blocks", "of a thread", 1, 1u << 30, 300},
                    [LARGEST] = {"largest", "bytes of the largest block", 1, 1ull << 30, 1024},
                    [SEED] = {"seed", "of the random numbers", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
