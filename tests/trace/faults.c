/* SPDX-License-Identifier: MIT */
/*
 * Touches fresh memory again and again: that of malloc, or of a mapping of its own.
 *
 *     faults malloc|mmap SECONDS
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { BLOCKS = 32, BLOCK_BYTES = 1 << 20, PAGE = 4096 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void touch(volatile char *block)
{
    for (size_t i = 0; i < BLOCK_BYTES; i += PAGE)
        block[i] = 1;
}

static void use_malloc(void)
{
    char *blocks[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i] = malloc(BLOCK_BYTES);
        if (blocks[i])
            touch(blocks[i]);
    }
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    malloc_trim(0);
}

static void use_mmap(void)
{
    for (int i = 0; i < BLOCKS; i++) {
        void *block =
            mmap(NULL, BLOCK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (block == MAP_FAILED)
            abort();
        madvise(block, BLOCK_BYTES, MADV_NOHUGEPAGE);
        touch(block);
        munmap(block, BLOCK_BYTES);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 99;
    double end = now() + atof(argv[2]);
    while (now() < end) {
        if (strcmp(argv[1], "malloc") == 0)
            use_malloc();
        else
            use_mmap();
    }
    return 0;
}
