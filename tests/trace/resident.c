/* SPDX-License-Identifier: MIT */
/* Holds memory of known kinds for a while: small blocks, large ones, a freed one, a mapping. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { MIB = 1 << 20, SMALL = 64, SMALL_MIB = 16, LARGE_MIB = 8, MAPPED_MIB = 5 };

static void *volatile kept[3];
static void *volatile small[SMALL_MIB * MIB / SMALL];

int main(void)
{
    struct timespec while_looked_at = {.tv_nsec = 800000000};
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
        small[i] = malloc(SMALL);
        if (!small[i])
            return 1;
        memset(small[i], 1, SMALL);
    }
    for (size_t i = 0; i < 3; i++) {
        kept[i] = malloc(LARGE_MIB * MIB);
        if (!kept[i])
            return 1;
        memset(kept[i], 1, LARGE_MIB * MIB);
    }
    free(kept[1]);
    /* Last, so that most is resident when all of it is as it shall be seen. */
    void *mapped =
        mmap(NULL, MAPPED_MIB * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED)
        return 1;
    memset(mapped, 1, MAPPED_MIB * MIB);
    nanosleep(&while_looked_at, NULL);
    return 0;
}
