/* SPDX-License-Identifier: MIT */
/*
 * A program that locks its memory (mlockall, as clocks and audio servers do) makes the kernel fill
 * every mapping it may write to. What the allocator has only reserved must not be among them.
 */
#include "support/process.h"
#include "support/promise.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { BLOCKS = 1000, BYTES = 1000, MOST_KB = 96 * 1024 };

int main(void)
{
    static void *blocks[BLOCKS];
    bool preloaded = under_hakmem();
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = memset(malloc(BYTES), 1, BYTES);
    size_t before = resident_kb();
    /* Address space above RLIMIT_MEMLOCK is refused but to those who may lock anything. */
    if (mlockall(MCL_CURRENT) != 0) {
        note("mlockall: %s: nothing can be tested here", strerror(errno));
        return TEST_SKIPPED;
    }
    size_t after = resident_kb();
    munlockall();
    promise(after - before < MOST_KB, "mlockall adds %zu KiB to %zu%s", after - before, before,
            preloaded ? " under libhakmem" : "");
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    return promises_end();
}
