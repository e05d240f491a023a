/* SPDX-License-Identifier: MIT */
/* calloc of mixed sizes, mostly small, some up to 256 KiB. Each block is looked through for zeroes,
 * and filled with something else before it is freed. */
#include <string.h>

#include "crew.h"
#include "slots.h"

enum { THREADS, OPERATIONS, SLOTS, SEED, OPTIONS };
enum { SMALLEST = 16, DOUBLINGS = 14 };

static size_t choose_size(uint64_t random)
{
    size_t size = (size_t)SMALLEST << __builtin_ctzll(random | 1ull << (DOUBLINGS - 1));
    return size + workload_below(random, size);
}

/* 0 if every byte is. */
static uint64_t other_than_zero(const unsigned char *block, size_t size)
{
    return block[0] || memcmp(block, block + 1, size - 1) != 0;
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
        checksum = checksum * 31 + slot_empty(slot);
        *slot = (struct slot){NULL, choose_size(workload_random(&random))};
        slot->block = calloc(1, slot->size);
        done = slot->block != NULL;
        if (done) {
            checksum += other_than_zero(slot->block, slot->size) << 40;
            memset(slot->block, 1 + (int)(random % 255), slot->size);
        }
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
        .name = "calloc_mixed",
        .summary = "calloc of 16 bytes to 256 KiB, twice the size half as likely.",
        .option_count = OPTIONS,
        .options = {[THREADS] = {"threads", "threads", 1, CREW_MAX, 1},
                    [OPERATIONS] = {"operations", "blocks that a thread replaces", 1, 1ull << 40,
                                    5000000},
                    [SLOTS] = {"slots", "blocks at a time, a thread", 1, 1ull << 30, 2000},
                    [SEED] = {"seed", "of the random numbers", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
