/* SPDX-License-Identifier: MIT */
/*
 * Blocks of 16 to 1039 bytes, allocated and freed in random order: each iteration picks one slot of
 * the working set; an empty one gets a block whose first and last byte are written, a full one is
 * freed. In the long run half of the slots are full and half of the operations are frees.
 *
 * Slot and size come from different bits of one random number, so neither tells the other. The
 * slots are mapped, not allocated: the allocator under test sees the blocks alone.
 */
#include <stdlib.h>
#include <sys/mman.h>

#include "workload.h"

enum { ITERATIONS, WORKING_SET, SEED };

struct slot {
    unsigned char *block; /* NULL: empty */
    size_t size;
};

/* The bytes are read back, so a block that another one overwrote changes the checksum. */
static uint64_t release(struct slot *slot)
{
    uint64_t bytes = slot->block[0] + ((uint64_t)slot->block[slot->size - 1] << 8);
    free(slot->block);
    slot->block = NULL;
    return bytes;
}

static bool fill(struct slot *slot, uint64_t random)
{
    size_t size = 16 + random % 1024;
    unsigned char *block = malloc(size);
    if (!block)
        return false;
    block[0] = (unsigned char)random;
    block[size - 1] = (unsigned char)(random >> 8);
    *slot = (struct slot){block, size};
    return true;
}

static bool iterate(struct slot *slots, const uint64_t *numbers, struct workload_result *result)
{
    uint64_t random = numbers[SEED], checksum = 0;
    double start = workload_seconds();
    for (uint64_t i = 0; i < numbers[ITERATIONS]; i++) {
        struct slot *slot = &slots[workload_below(workload_random(&random), numbers[WORKING_SET])];
        if (slot->block)
            checksum = checksum * 31 + release(slot);
        else if (!fill(slot, random))
            return false;
    }
    result->seconds = workload_seconds() - start;
    result->operations = numbers[ITERATIONS];
    result->checksum = checksum;
    return true;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    size_t bytes = numbers[WORKING_SET] * sizeof(struct slot);
    struct slot *slots =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (slots == MAP_FAILED)
        return false;

    bool done = iterate(slots, numbers, result);
    for (uint64_t i = 0; i < numbers[WORKING_SET]; i++)
        if (slots[i].block)
            result->checksum = result->checksum * 31 + release(&slots[i]);
    munmap(slots, bytes);
    return done;
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "random_mixed",
        .summary = "Blocks of 16 to 1039 bytes allocated and freed in random order, one thread.",
        .number_count = 3,
        .numbers = {[ITERATIONS] = {"ITERATIONS", "operations", 1, UINT64_MAX, 0},
                    [WORKING_SET] = {"WORKING_SET", "slots; half are full", 1, 1ull << 30, 0},
                    [SEED] = {"SEED", "of the random numbers", 1, UINT64_MAX, 0}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
