/* SPDX-License-Identifier: MIT */
/* Threads that live briefly: each frees what its predecessor left, allocates its own blocks, frees
 * half of them and ends. */
#include "crew.h"
#include "slots.h"

enum { LANES, THREADS, BLOCKS, LARGEST, SEED, OPTIONS };

/* Belongs to one thread after the other. */
struct lane {
    const uint64_t *numbers;
    struct slot *slots;
    uint64_t random;
    uint64_t checksum;
    bool done;
};

static void *live_briefly(void *argument)
{
    struct lane *lane = argument;
    uint64_t blocks = lane->numbers[BLOCKS];
    lane->done = false;
    lane->checksum = lane->checksum * 31 + slots_empty(lane->slots, blocks);
    for (uint64_t i = 0; i < blocks; i++) {
        size_t size = 1 + workload_below(workload_random(&lane->random), lane->numbers[LARGEST]);
        if (!slot_fill(&lane->slots[i], size, lane->random))
            return NULL;
    }
    for (uint64_t i = 0; i < blocks; i += 2)
        lane->checksum = lane->checksum * 31 + slot_empty(&lane->slots[i]);
    lane->done = true;
    return NULL;
}

static bool work(struct crew_member *member)
{
    const uint64_t *numbers = member->numbers;
    size_t bytes = numbers[BLOCKS] * sizeof(struct slot);
    struct lane lane = {.numbers = numbers,
                        .slots = workload_map(bytes),
                        .random = workload_stream(numbers[SEED], member->index),
                        .done = true};
    if (!lane.slots)
        return false;
    for (uint64_t i = 0; lane.done && i < numbers[THREADS]; i++)
        lane.done = crew_new_thread(live_briefly, &lane) && lane.done;
    member->checksum = lane.checksum * 31 + slots_empty(lane.slots, numbers[BLOCKS]);
    member->operations = 2 * numbers[THREADS] * numbers[BLOCKS];
    workload_unmap(lane.slots, bytes);
    return lane.done;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    return crew_run(numbers[LANES], work, numbers, NULL, result);
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "thread_storm",
        .summary = "Threads created and ended by the ten thousand.",
        .option_count = OPTIONS,
        .options = {[LANES] = {"lanes", "threads at a time", 1, CREW_MAX / 2, 2},
                    [THREADS] = {"threads", "in each lane, one after another", 1, 1u << 30, 10000},
                    [BLOCKS] = {"blocks", "that a thread allocates", 1, 1u << 30, 50},
                    [LARGEST] = {"largest", "bytes of the largest block", 1, 1ull << 30, 512},
                    [SEED] = {"seed", "of the random numbers", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
