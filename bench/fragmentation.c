/* SPDX-License-Identifier: MIT */
/* Long-lived blocks sprinkled among short-lived ones: of every so many blocks one stays. Then the
 * short-lived are all gone, and what stays resident is set beside what is live. */
#include "chain.h"
#include "crew.h"

enum { BLOCKS, WINDOW, EVERY, LARGEST, SEED, SETTLE, OPTIONS };

/* The window's oldest block is freed for each new one, as requests come and go. */
static bool sprinkle(const uint64_t *numbers, struct chain *brief, struct chain *lasting,
                     uint64_t *checksum)
{
    uint64_t random = workload_stream(numbers[SEED], 0);
    for (uint64_t i = 1; i <= numbers[BLOCKS]; i++) {
        size_t size =
            sizeof(struct link) + 1 + workload_below(workload_random(&random), numbers[LARGEST]);
        struct link *link = chain_add(i % numbers[EVERY] ? brief : lasting, size);
        if (!link)
            return false;
        ((unsigned char *)link)[size - 1] = (unsigned char)random;
        if (brief->count > numbers[WINDOW])
            *checksum = *checksum * 31 + chain_drop(brief);
    }
    return true;
}

static uint64_t drop_all(struct chain *chain)
{
    uint64_t sum = 0;
    while (chain->first) {
        unsigned char *block = (unsigned char *)chain->first;
        sum = sum * 31 + block[chain->first->size - 1];
        chain_drop(chain);
    }
    return sum;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    struct chain brief = {NULL, NULL, 0, 0}, lasting = {NULL, NULL, 0, 0};
    double start = workload_seconds();
    bool done = sprinkle(numbers, &brief, &lasting, &result->checksum);
    result->checksum = result->checksum * 31 + drop_all(&brief);
    result->seconds = workload_seconds() - start;

    workload_settle(numbers[SETTLE]);
    result->resident_kb = workload_rss_kb();
    result->live_kb = lasting.bytes / 1024;
    result->operations = 2 * numbers[BLOCKS] - lasting.count;
    result->checksum = result->checksum * 31 + drop_all(&lasting);
    return done;
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "fragmentation",
        .summary = "Long-lived blocks sprinkled among short-lived ones, and memory afterwards.",
        .option_count = OPTIONS,
        .options = {[BLOCKS] = {"blocks", "allocated in all", 1, 1ull << 40, 5000000},
                    [WINDOW] = {"window", "short-lived blocks at a time", 1, 1ull << 40, 100000},
                    [EVERY] = {"every", "one block in so many stays", 2, 1ull << 40, 100},
                    [LARGEST] = {"largest", "bytes of the largest block", 1, 1ull << 30, 1000},
                    [SEED] = {"seed", "of the random numbers", 1, UINT64_MAX, 1},
                    [SETTLE] = {"settle", "milliseconds of light work before memory is read", 0,
                                1000000, 1000}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
