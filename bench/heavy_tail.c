/* SPDX-License-Identifier: MIT */
/* Blocks of random sizes replaced at random: twice the size is half as likely, from 16 bytes to
 * 1 MiB. All of a block is touched, so large blocks cost what they cost in programs. */
#include "crew.h"
#include "slots.h"

enum { THREADS, OPERATIONS, SLOTS, SEED, OPTIONS };
enum { SMALLEST = 16, DOUBLINGS = 16, LINE = 64 };

static size_t choose_size(uint64_t random)
{
    size_t size = (size_t)SMALLEST << __builtin_ctzll(random | 1ull << (DOUBLINGS - 1));
    return size + workload_below(random, size);
}

static uint64_t release(struct slot *slot)
{
    if (!slot->block)
        return 0;
    uint64_t sum = workload_sum(slot->block, slot->size, LINE);
    free(slot->block);
    slot->block = NULL;
    return sum;
}

static bool work(struct crew_member *member)
{
    const uint64_t *numbers = member->numbers;
    size_t bytes = numbers[SLOTS] * sizeof(struct slot);
    struct slot *slots = workload_map(bytes);
    uint64_t random = workload_stream(numbers[SEED], member->index), checksum = 0;
    bool done = slots != NULL;
    for (uint64_t i = 0; done && i < numbers[OPERATIONS]; i++) {
        struct slot *slot = &slots[workload_below(workload_random(&random), numbers[SLOTS])];
        checksum = checksum * 31 + release(slot);
        size_t size = choose_size(workload_random(&random));
        done = slot_fill(slot, size, random);
        if (done)
            workload_touch(slot->block, size, LINE, random);
    }
    for (uint64_t i = 0; slots && i < numbers[SLOTS]; i++)
        checksum = checksum * 31 + release(&slots[i]);
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
        .name = "heavy_tail",
        .summary = "Blocks of 16 bytes to 1 MiB, twice the size half as likely, all touched.",
        .option_count = OPTIONS,
        .options = {[THREADS] = {"threads", "threads", 1, CREW_MAX, 1},
                    [OPERATIONS] = {"operations", "blocks that a thread replaces", 1, 1ull << 40,
                                    8000000},
                    [SLOTS] = {"slots", "blocks at a time, a thread", 1, 1ull << 30, 5000},
                    [SEED] = {"seed", "of the random numbers", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
