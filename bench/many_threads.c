/* SPDX-License-Identifier: MIT */
/* More threads than cores, each replacing random blocks of its own: threads are interrupted within
 * the allocator, and every one keeps memory. */
#include "crew.h"
#include "slots.h"

enum { THREADS, OPERATIONS, SLOTS, LARGEST, SEED, OPTIONS };

static bool work(struct crew_member *member)
{
    const uint64_t *numbers = member->numbers;
    size_t bytes = numbers[SLOTS] * sizeof(struct slot);
    struct slot *slots = workload_map(bytes);
    uint64_t random = workload_stream(numbers[SEED], member->index), checksum = 0;
    bool done = slots != NULL;
    for (uint64_t i = 0; done && i < numbers[OPERATIONS]; i++) {
        struct slot *slot = &slots[workload_below(workload_random(&random), numbers[SLOTS])];
        checksum = checksum * 31 + slot_empty(slot);
        done = slot_fill(slot, 1 + (random & 0xffffffff) % numbers[LARGEST], random);
    }
    if (slots)
        checksum = checksum * 31 + slots_empty(slots, numbers[SLOTS]);
    workload_unmap(slots, bytes);
    member->checksum = checksum;
    member->operations = 2 * numbers[OPERATIONS];
    return done;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    return crew_run(numbers[THREADS], work, numbers, NULL, result);
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "many_threads",
        .summary = "Many threads replace random blocks, each its own.",
        .option_count = OPTIONS,
        .options = {[THREADS] = {"threads", "threads", 1, CREW_MAX, 64},
                    [OPERATIONS] = {"operations", "blocks that a thread replaces", 1, 1ull << 40,
                                    300000},
                    [SLOTS] = {"slots", "blocks at a time, a thread", 1, 1ull << 30, 500},
                    [LARGEST] = {"largest", "bytes of the largest block", 1, 1ull << 30, 1024},
                    [SEED] = {"seed", "of the random numbers", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
