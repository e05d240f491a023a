/* SPDX-License-Identifier: MIT */
/* Blocks of 1 to 4096 bytes at addresses that are a multiple of 16 to 4096, by aligned_alloc and
 * posix_memalign in turn, replaced at random. */
#include "crew.h"
#include "slots.h"

enum { THREADS, OPERATIONS, SLOTS, SEED, OPTIONS };
enum { SMALLEST_ALIGNMENT = 16, ALIGNMENTS = 9, LARGEST = 4096 };

static unsigned char *allocate(size_t alignment, size_t size, bool by_posix)
{
    void *block = NULL;
    if (by_posix)
        return posix_memalign(&block, alignment, size) == 0 ? block : NULL;
    return aligned_alloc(alignment, (size + alignment - 1) & ~(alignment - 1));
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
        workload_random(&random);
        size_t alignment = (size_t)SMALLEST_ALIGNMENT << random % ALIGNMENTS;
        slot->size = 1 + workload_below(random, LARGEST);
        slot->block = allocate(alignment, slot->size, i & 1);
        done = slot->block != NULL;
        if (done) {
            checksum += (uintptr_t)slot->block & (alignment - 1); /* 0, or the promise is broken */
            workload_write_ends(slot->block, slot->size, random);
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
        .name = "aligned_blocks",
        .summary = "Blocks of 1 to 4096 bytes, aligned to 16 to 4096, replaced at random.",
        .option_count = OPTIONS,
        .options = {[THREADS] = {"threads", "threads", 1, CREW_MAX, 1},
                    [OPERATIONS] = {"operations", "blocks that a thread replaces", 1, 1ull << 40,
                                    2000000},
                    [SLOTS] = {"slots", "blocks at a time, a thread", 1, 1ull << 30, 1000},
                    [SEED] = {"seed", "of the random numbers", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
