/* SPDX-License-Identifier: MIT */
/*
 * hakmem.h keeps its word: figures that follow what the program does, whatever version of the
 * struct it knows; memory that trim gives back; and with HAKMEM_WEAK a program that runs where
 * there is no libhakmem.
 *
 *     public VERSION    or, of public_weak, absent: without the library
 */
#include "hakmem.h"

#include <stdlib.h>
#include <string.h>

#include "support/promise.h"

enum { BLOCKS = 1000, BLOCK_BYTES = 1000, LARGE_BYTES = 8 << 20 };

static void *blocks[BLOCKS];

static struct hakmem_stats now(void)
{
    struct hakmem_stats stats;
    size_t filled = hakmem_stats(&stats, sizeof stats);
    promise(filled == sizeof stats, "all %zu bytes of the struct are filled", filled);
    return stats;
}

static void follow_blocks(void)
{
    struct hakmem_stats before = now();
    size_t usable = 0;
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = malloc(BLOCK_BYTES);
    struct hakmem_stats with = now();
    for (int i = 0; i < BLOCKS; i++)
        usable += BLOCK_BYTES;
    uint64_t grown = with.live_bytes - before.live_bytes;
    promise(grown >= usable && grown <= usable + usable / 4, "live bytes grow by the blocks: %llu",
            (unsigned long long)grown);
    promise(with.mallocs - before.mallocs == BLOCKS, "mallocs are counted");
    promise(with.mapped_bytes >= with.live_bytes + with.retained_bytes + with.metadata_bytes,
            "mapped holds live, retained and metadata");
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    struct hakmem_stats after = now();
    promise(after.frees - with.frees == BLOCKS, "frees are counted");
    promise(after.live_bytes == before.live_bytes, "and live bytes are as before");
    promise(now().mallocs == after.mallocs, "hakmem_stats does not allocate");
}

static void give_back(void)
{
    char *large = malloc(LARGE_BYTES);
    memset(large, 1, LARGE_BYTES);
    free(large);
    struct hakmem_stats held = now();
    promise(held.retained_bytes >= LARGE_BYTES, "what was freed is retained: %llu",
            (unsigned long long)held.retained_bytes);
    size_t given = hakmem_trim();
    promise(given >= LARGE_BYTES, "hakmem_trim gives it back: %zu", given);
    promise(now().retained_bytes <= held.retained_bytes - LARGE_BYTES, "it is retained no more");
    promise(hakmem_trim() == 0, "and there is nothing more to give");
    struct hakmem_stats before = now();
    promise(malloc((size_t)1 << 62) == NULL && now().refused == before.refused + 1,
            "what is refused is counted");
}

static void other_versions(void)
{
    struct {
        struct hakmem_stats stats;
        uint64_t later[3];
    } newer;
    memset(&newer, 0xee, sizeof newer);
    promise(hakmem_stats(&newer.stats, sizeof newer) == sizeof newer.stats &&
                newer.stats.mallocs > 0 && newer.later[0] == 0 && newer.later[2] == 0,
            "a newer program: what the library does not know is zero");
    memset(&newer, 0xee, sizeof newer);
    size_t part = offsetof(struct hakmem_stats, huge_bytes);
    promise(hakmem_stats(&newer.stats, part) == part && newer.stats.live_bytes > 0 &&
                newer.stats.huge_bytes == 0xeeeeeeeeeeeeeeeeu,
            "an older program: nothing is written beyond its struct");
    promise(hakmem_stats(&newer.stats, 0) == 0, "of no bytes, none");
}

int main(int argc, char **argv)
{
    const char *wanted = argc > 1 ? argv[1] : "";
#ifdef HAKMEM_WEAK
    if (!hakmem_stats || !hakmem_trim || !hakmem_version) {
        promise(strcmp(wanted, "absent") == 0 && !hakmem_stats && !hakmem_trim && !hakmem_version,
                "without the library the functions are NULL");
        return promises_end();
    }
#endif
    promise(strcmp(hakmem_version(), wanted) == 0, "version %s", hakmem_version());
    void *something = malloc(1);
    promise(something != NULL, "malloc answers");
    follow_blocks();
    give_back();
    other_versions();
    free(something);
    return promises_end();
}
