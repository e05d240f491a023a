/* SPDX-License-Identifier: MIT */
/* Many blocks of one size at once, then all freed: in the order they came, in the reverse order, in
 * a random one that is the same each time. */
#include <stdlib.h>

#include "crew.h"

enum { THREADS, ROUNDS, BATCH, SIZE, ORDER, SEED, OPTIONS };
enum { SAME, REVERSE, RANDOM, IN_TURN };

static void shuffle(uint32_t *order, uint64_t count, uint64_t random)
{
    for (uint64_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    for (uint64_t i = count; i > 1; i--) {
        uint64_t other = workload_below(workload_random(&random), i);
        uint32_t last = order[i - 1];
        order[i - 1] = order[other];
        order[other] = last;
    }
}

static uint64_t release(unsigned char *block)
{
    uint64_t byte = block[0];
    free(block);
    return byte;
}

static uint64_t release_all(unsigned char **blocks, const uint32_t *order, uint64_t count,
                            uint64_t which)
{
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t place = which == SAME ? i : which == REVERSE ? count - 1 - i : order[i];
        sum = sum * 31 + release(blocks[place]);
    }
    return sum;
}

static bool rounds(struct crew_member *member, unsigned char **blocks, uint32_t *order)
{
    const uint64_t *numbers = member->numbers;
    uint64_t count = numbers[BATCH];
    shuffle(order, count, workload_stream(numbers[SEED], member->index));
    for (uint64_t round = 0; round < numbers[ROUNDS]; round++) {
        for (uint64_t i = 0; i < count; i++) {
            blocks[i] = malloc(numbers[SIZE]);
            if (!blocks[i]) {
                release_all(blocks, order, i, SAME);
                return false;
            }
            blocks[i][0] = (unsigned char)(i + round);
        }
        uint64_t which = numbers[ORDER] == IN_TURN ? round % IN_TURN : numbers[ORDER];
        member->checksum = member->checksum * 31 + release_all(blocks, order, count, which);
        member->operations += 2 * count;
    }
    return true;
}

static bool work(struct crew_member *member)
{
    size_t bytes = member->numbers[BATCH] * sizeof(unsigned char *);
    size_t order_bytes = member->numbers[BATCH] * sizeof(uint32_t);
    unsigned char **blocks = workload_map(bytes);
    uint32_t *order = workload_map(order_bytes);
    bool done = blocks && order && rounds(member, blocks, order);
    workload_unmap(blocks, bytes);
    workload_unmap(order, order_bytes);
    return done;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    return crew_run(numbers[THREADS], work, numbers, NULL, result);
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "batches",
        .summary = "Batches of blocks of one size, freed in the same, the reverse, a random order.",
        .option_count = OPTIONS,
        .options = {[THREADS] = {"threads", "threads", 1, CREW_MAX, 1},
                    [ROUNDS] = {"rounds", "batches, a thread", 1, UINT64_MAX / 2, 900},
                    [BATCH] = {"batch", "blocks at once", 1, 1ull << 30, 10000},
                    [SIZE] = {"size", "bytes of a block", 1, 1ull << 30, 64},
                    [ORDER] = {"order", "0 same, 1 reverse, 2 random, 3 in turn", 0, 3, 3},
                    [SEED] = {"seed", "of the random order", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
