/* SPDX-License-Identifier: MIT */
/* Threads of a server: each replaces random blocks of its array, ends, and leaves the array to a
 * new thread. So most blocks are freed by a thread that did not allocate them, whose owner has
 * ended. */
#include "crew.h"
#include "slots.h"

enum { THREADS, GENERATIONS, OPERATIONS, SLOTS, LARGEST, SEED, OPTIONS };

/* Belongs to one thread after the other. */
struct lane {
    const uint64_t *numbers;
    struct slot *slots;
    uint64_t random;
    uint64_t checksum;
    bool done;
};

static void *generation(void *argument)
{
    struct lane *lane = argument;
    uint64_t random = lane->random, checksum = lane->checksum;
    uint64_t slots = lane->numbers[SLOTS], sizes = lane->numbers[LARGEST] - 7;
    lane->done = false;
    for (uint64_t i = 0; i < lane->numbers[OPERATIONS]; i++) {
        struct slot *slot = &lane->slots[workload_below(workload_random(&random), slots)];
        checksum = checksum * 31 + slot_empty(slot);
        if (!slot_fill(slot, 8 + (random & 0xffffffff) % sizes, random))
            return NULL;
    }
    lane->random = random;
    lane->checksum = checksum;
    lane->done = true;
    return NULL;
}

static bool work(struct crew_member *member)
{
    const uint64_t *numbers = member->numbers;
    size_t bytes = numbers[SLOTS] * sizeof(struct slot);
    struct lane lane = {.numbers = numbers,
                        .slots = workload_map(bytes),
                        .random = workload_stream(numbers[SEED], member->index),
                        .done = true};
    if (!lane.slots)
        return false;
    for (uint64_t i = 0; lane.done && i < numbers[GENERATIONS]; i++)
        lane.done = crew_new_thread(generation, &lane) && lane.done;
    member->checksum = lane.checksum * 31 + slots_empty(lane.slots, numbers[SLOTS]);
    member->operations = 2 * numbers[GENERATIONS] * numbers[OPERATIONS];
    workload_unmap(lane.slots, bytes);
    return lane.done;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    return crew_run(numbers[THREADS], work, numbers, NULL, result);
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "server_churn",
        .summary = "Threads replace random blocks in an array, end, and leave it to a new thread.",
        .option_count = OPTIONS,
        .options = {[THREADS] = {"threads", "threads at a time", 1, CREW_MAX / 2, 2},
                    [GENERATIONS] = {"generations", "threads, one after another", 1, 1u << 30, 20},
                    [OPERATIONS] = {"operations", "blocks that a thread replaces", 1, 1ull << 40,
                                    400000},
                    [SLOTS] = {"slots", "blocks in an array", 1, 1ull << 30, 5000},
                    [LARGEST] = {"largest", "bytes of the largest block", 8, 1ull << 30, 512},
                    [SEED] = {"seed", "of the random numbers", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
