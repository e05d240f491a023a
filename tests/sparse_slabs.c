/* SPDX-License-Identifier: MIT */
/*
 * A few blocks stay, sprinkled among many that were freed. While the program does next to nothing,
 * a malloc and a free a millisecond, the free pages between them go back to the kernel within a
 * second; what stayed keeps its contents; memory there serves again; and a second free of a block
 * whose page is gone is still stopped by name.
 */
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TOTAL_KB = 32 * 1024, APART_KB = 64, PAGE_KB = 4, SLACK_KB = 3 * 1024 };

struct run {
    size_t size;
    bool frees_twice;
    size_t *rss;   /* shared: at the start, full, after a second, when used again */
    void **victim; /* shared */
};

static void light_activity(void)
{
    for (double end = seconds_now() + 1; seconds_now() < end; usleep(1000))
        free(opaque(malloc(200)));
}

static bool is_whole(const unsigned char *block, size_t size, unsigned char mark)
{
    for (size_t i = 0; i < size; i++)
        if (block[i] != mark)
            return false;
    return true;
}

static void sprinkle(void *argument)
{
    struct run *run = argument;
    size_t size = run->size, count = (size_t)TOTAL_KB * 1024 / size;
    size_t keep_of = APART_KB * 1024 / 2 / size + 1; /* about two a slab */
    unsigned char **blocks = mmap(NULL, count * sizeof *blocks, PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    run->rss[0] = resident_kb();
    for (size_t i = 0; i < count; i++)
        memset(blocks[i] = malloc(size), (int)i | 1, size);
    run->rss[1] = resident_kb();
    for (size_t i = 0; i < count; i++)
        if (i % keep_of != 0)
            free(blocks[i]);
    light_activity();
    run->rss[2] = resident_kb();
    if (run->frees_twice) {
        *run->victim = blocks[count / 2 / keep_of * keep_of + keep_of / 2];
        free(opaque(*run->victim));
        _exit(3);
    }
    for (size_t i = 0; i < count; i += keep_of)
        if (!is_whole(blocks[i], size, (unsigned char)(i | 1)))
            _exit(4);
    for (size_t i = 0; i < count; i++)
        if (i % keep_of != 0)
            memset(blocks[i] = malloc(size), (int)i | 1, size);
    run->rss[3] = resident_kb();
    for (size_t i = 0; i < count; i++) {
        if (!is_whole(blocks[i], size, (unsigned char)(i | 1)))
            _exit(5);
        free(blocks[i]);
    }
}

int main(void)
{
    static const size_t sizes[] = {16, 64, 240, 1024, 5120};
    size_t *rss = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool judged = under_hakmem();
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct run run = {sizes[s], false, rss, (void **)(rss + 8)};
        struct child_end end = child_run(sprinkle, &run, 20);
        /* Two blocks a slab hold two pages each at most, where they straddle. */
        size_t pinned = TOTAL_KB / APART_KB * 2 * 2 * PAGE_KB;
        promise(end.exit_status == 0, "blocks of %zu stay whole: %s", sizes[s],
                child_describe(&end));
        promise(!judged || rss[2] < rss[0] + pinned + SLACK_KB,
                "blocks of %zu, two a slab stay: resident %zu KiB at first, %zu full, %zu a second "
                "later, %zu used again",
                sizes[s], rss[0], rss[1], rss[2], rss[3]);
        if (!judged)
            continue;
        run.frees_twice = true;
        end = child_run(sprinkle, &run, 20);
        promise(child_accused(&end, *run.victim), "a second free there: %s", child_describe(&end));
    }
    return promises_end();
}
