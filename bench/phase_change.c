/* SPDX-License-Identifier: MIT */
/* A program that changes its mind: fills memory with blocks of one size, frees all but one in a
 * hundred, and fills it with another size. At the end, what stays resident beside what is live. */
#include "chain.h"
#include "crew.h"

enum { ROUNDS, MEGABYTES, SETTLE, OPTIONS };
enum { LINE = 64, KEPT_OF = 100 };

static const size_t phases[] = {32, 1024, 64, 8192, 256, 40000, 48, 4096, 512, 128};
enum { PHASES = sizeof phases / sizeof *phases };

static bool fill(struct chain *chain, size_t size, uint64_t bytes)
{
    while (chain->bytes < bytes) {
        struct link *link = chain_add(chain, size);
        if (!link)
            return false;
        unsigned char *block = (unsigned char *)link;
        workload_touch(block + sizeof *link, size - sizeof *link, LINE, chain->count);
    }
    return true;
}

/* Moves nothing: the blocks that stay are those that came at the end of each hundred. */
static uint64_t thin_out(struct chain *chain, struct chain *kept)
{
    uint64_t sum = 0, place = 0;
    while (chain->first) {
        struct link *link = chain->first;
        unsigned char *block = (unsigned char *)link;
        sum = sum * 31 + workload_sum(block + sizeof *link, link->size - sizeof *link, LINE);
        if (++place % KEPT_OF != 0) {
            chain_drop(chain);
            continue;
        }
        chain->first = link->next;
        chain->bytes -= link->size;
        link->next = kept->first;
        kept->first = link;
        kept->count++;
        kept->bytes += link->size;
    }
    *chain = (struct chain){NULL, NULL, 0, 0};
    return sum;
}

static bool phase(size_t size, uint64_t bytes, struct chain *kept, struct workload_result *result)
{
    struct chain chain = {NULL, NULL, 0, 0}, left = *kept;
    bool done = fill(&chain, size, bytes);
    result->operations += 2 * chain.count;
    while (left.first)
        chain_drop(&left);
    *kept = left;
    result->checksum = result->checksum * 31 + thin_out(&chain, kept);
    return done;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    struct chain kept = {NULL, NULL, 0, 0};
    uint64_t bytes = numbers[MEGABYTES] << 20;
    bool done = true;
    double start = workload_seconds();
    for (uint64_t i = 0; done && i < numbers[ROUNDS] * PHASES; i++)
        done = phase(phases[i % PHASES], bytes, &kept, result);
    result->seconds = workload_seconds() - start;

    workload_settle(numbers[SETTLE]);
    result->resident_kb = workload_rss_kb();
    result->live_kb = kept.bytes / 1024;
    while (kept.first)
        chain_drop(&kept);
    return done;
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "phase_change",
        .summary = "Memory is filled with blocks of one size, freed, and filled with another.",
        .option_count = OPTIONS,
        .options = {[ROUNDS] = {"rounds", "times through the ten sizes", 1, 1u << 30, 1},
                    [MEGABYTES] = {"megabytes", "of blocks in each phase", 1, 1u << 20, 64},
                    [SETTLE] = {"settle", "milliseconds of light work before memory is read", 0,
                                1000000, 1000}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
