/* SPDX-License-Identifier: MIT */
/* Blocks of one middle size, and few of others, allocated and freed in random order: each operation
 * picks one slot, fills an empty one and frees a full one. So nearly all work falls on one size
 * class, whose cache is filled and emptied while the others' lie idle. */
#include "crew.h"
#include "slots.h"

enum { THREADS, OPERATIONS, SLOTS, SIZE, PERCENT, SEED, OPTIONS };

enum { OTHERS_SMALLEST = 16, OTHERS_SIZES = 1024 };

/* Slot, kind and size come from different bits of one random number, so none tells another. */
static size_t size_of(const uint64_t *numbers, uint64_t random)
{
    bool is_main = (random & 0xffff) % 100 < numbers[PERCENT];
    return is_main ? numbers[SIZE] : OTHERS_SMALLEST + (random >> 16 & 0xffff) % OTHERS_SIZES;
}

static bool operate(struct slot *slots, struct crew_member *member)
{
    const uint64_t *numbers = member->numbers;
    uint64_t random = workload_stream(numbers[SEED], member->index), checksum = 0;
    for (uint64_t i = 0; i < numbers[OPERATIONS]; i++) {
        struct slot *slot = &slots[workload_below(workload_random(&random), numbers[SLOTS])];
        if (slot->block)
            checksum = checksum * 31 + slot_empty(slot);
        else if (!slot_fill(slot, size_of(numbers, random), random))
            return false;
    }
    member->checksum = checksum;
    member->operations = numbers[OPERATIONS];
    return true;
}

static bool work(struct crew_member *member)
{
    size_t bytes = member->numbers[SLOTS] * sizeof(struct slot);
    struct slot *slots = workload_map(bytes);
    if (!slots)
        return false;
    bool done = operate(slots, member);
    member->checksum = member->checksum * 31 + slots_empty(slots, member->numbers[SLOTS]);
    workload_unmap(slots, bytes);
    return done;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    return crew_run(numbers[THREADS], work, numbers, NULL, result);
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "mid_size",
        .summary = "Blocks of one middle size, and few of others, in random order.",
        .option_count = OPTIONS,
        .options = {[THREADS] = {"threads", "threads", 1, CREW_MAX, 1},
                    [OPERATIONS] = {"operations", "a thread; half of them are frees", 1, 1ull << 40,
                                    40000000},
                    [SLOTS] = {"slots", "a thread; half are full", 1, 1ull << 30, 400},
                    [SIZE] = {"size", "bytes of most blocks", 1, 1ull << 30, 768},
                    [PERCENT] = {"percent", "of the blocks that have it; others: 16 to 1039 bytes",
                                 0, 100, 90},
                    [SEED] = {"seed", "of the random numbers", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
