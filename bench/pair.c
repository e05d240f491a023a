/* SPDX-License-Identifier: MIT */
/* malloc and free of one size in turn: the shortest way through an allocator. */
#include <stdlib.h>

#include "crew.h"

enum { THREADS, PAIRS, SIZE, OPTIONS };

static bool work(struct crew_member *member)
{
    uint64_t pairs = member->numbers[PAIRS], checksum = 0;
    size_t size = member->numbers[SIZE];
    for (uint64_t i = 0; i < pairs; i++) {
        unsigned char *block = malloc(size);
        if (!block)
            return false;
        block[0] = (unsigned char)(i + member->index);
        workload_use(block);
        checksum += block[0];
        free(block);
    }
    member->checksum = checksum;
    member->operations = 2 * pairs;
    return true;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    return crew_run(numbers[THREADS], work, numbers, NULL, result);
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "pair",
        .summary = "malloc and free of one size in turn.",
        .option_count = OPTIONS,
        .options = {[THREADS] = {"threads", "threads", 1, CREW_MAX, 1},
                    [PAIRS] = {"pairs", "of malloc and free, a thread", 1, UINT64_MAX / 2,
                               40000000},
                    [SIZE] = {"size", "bytes of a block", 1, 1ull << 30, 64}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
