/* SPDX-License-Identifier: MIT */
/* Blocks of 64 KiB to 32 MiB replaced at random, one byte written in every page. Each power of two
 * is as likely as the next. */
#include <stdlib.h>

#include "crew.h"

enum { THREADS, OPERATIONS, SLOTS, SEED, OPTIONS };
enum { SMALLEST = 64 << 10, DOUBLINGS = 9, PAGE = 4096 };

struct slot {
    unsigned char *block; /* NULL: empty */
    size_t size;
};

static uint64_t release(struct slot *slot)
{
    if (!slot->block)
        return 0;
    uint64_t sum = workload_sum(slot->block, slot->size, PAGE);
    free(slot->block);
    slot->block = NULL;
    return sum;
}

static bool fill(struct slot *slot, uint64_t random)
{
    size_t size = (size_t)SMALLEST << (random >> 8) % DOUBLINGS;
    size += workload_below(random, size + 1);
    unsigned char *block = malloc(size);
    if (!block)
        return false;
    workload_touch(block, size, PAGE, random);
    *slot = (struct slot){block, size};
    return true;
}

static bool work(struct crew_member *member)
{
    const uint64_t *numbers = member->numbers;
    struct slot slots[64] = {{NULL, 0}};
    uint64_t random = workload_stream(numbers[SEED], member->index), checksum = 0;
    bool done = true;
    for (uint64_t i = 0; done && i < numbers[OPERATIONS]; i++) {
        struct slot *slot = &slots[workload_below(workload_random(&random), numbers[SLOTS])];
        checksum = checksum * 31 + release(slot);
        done = fill(slot, workload_random(&random));
    }
    for (uint64_t i = 0; i < numbers[SLOTS]; i++)
        checksum = checksum * 31 + release(&slots[i]);
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
        .name = "large_blocks",
        .summary = "Blocks of 64 KiB to 32 MiB replaced at random, every page touched.",
        .option_count = OPTIONS,
        .options = {[THREADS] = {"threads", "threads", 1, CREW_MAX, 1},
                    [OPERATIONS] = {"operations", "blocks that a thread replaces", 1, 1ull << 40,
                                    600},
                    [SLOTS] = {"slots", "blocks at a time, a thread", 1, 64, 8},
                    [SEED] = {"seed", "of the random numbers", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
