/* SPDX-License-Identifier: MIT */
/*
 * What the allocator keeps of sampled blocks, seen from inside: the table is empty when all blocks
 * have come back, whoever gave them back and how they changed; it may be full; a fork copies it; a
 * profiler that attaches turns sampling on.
 *
 *     kept CASE     HAKMEM_HEAP_SAMPLE is 1, but of `switched`
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "export.h"
#include "heap.h"
#include "otel_memory.h"
#include "sample.h"
#include "sample_table.h"
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

enum { THREADS = 4, ROUNDS = 1500, PLACES = 97 };

static void *places[PLACES]; /* by atomic access alone */

static size_t any_size(uint64_t *random)
{
    static const size_t most[] = {16, 200, 1024, 5000, 32000, 200000, 3000000};
    size_t which = random_next(random) % 64;
    which = which < 40 ? which % 3 : which < 60 ? 3 + which % 2 : which < 63 ? 5 : 6;
    return random_next(random) % most[which];
}

static void *any_block(uint64_t *random, bool *is_right)
{
    size_t bytes = any_size(random), alignment = (size_t)16 << random_next(random) % 10;
    unsigned char *block;
    switch (random_next(random) % 4) {
    case 0:
        block = HAK_NAME(calloc)(1, bytes);
        for (size_t i = 0; block && i < bytes; i++)
            *is_right &= block[i] == 0;
        break;
    case 1:
        block = HAK_NAME(memalign)(alignment, bytes);
        *is_right &= (uintptr_t)block % alignment == 0;
        break;
    default:
        block = HAK_NAME(malloc)(bytes);
    }
    *is_right &= block && HAK_NAME(malloc_usable_size)(block) >= bytes;
    if (block)
        memset(block, 0x5a, bytes);
    if (block && bytes > 0 && random_next(random) % 3 == 0) {
        size_t more = any_size(random) + 1;
        unsigned char *moved = HAK_NAME(realloc)(block, more);
        *is_right &= moved && moved[0] == 0x5a && moved[(bytes < more ? bytes : more) - 1] == 0x5a;
        block = moved;
    }
    return block;
}

/* Half of the blocks are given back by another thread than got them. */
static void *exchange_blocks(void *argument)
{
    uint64_t random = (uint64_t)(uintptr_t)argument * 977 + 1;
    bool is_right = true;
    for (int i = 0; i < ROUNDS; i++) {
        void *block = any_block(&random, &is_right);
        HAK_NAME(free)
        (__atomic_exchange_n(&places[random_next(&random) % PLACES], block, __ATOMIC_ACQ_REL));
    }
    return (void *)(uintptr_t)is_right;
}

static void free_all(void)
{
    for (size_t i = 0; i < PLACES; i++)
        HAK_NAME(free)(__atomic_exchange_n(&places[i], NULL, __ATOMIC_ACQ_REL));
}

static void everything(void)
{
    for (int round = 0; round < 2; round++) { /* the second on heaps of threads that ended */
        pthread_t threads[THREADS];
        bool is_right = true;
        for (uintptr_t i = 0; i < THREADS; i++)
            pthread_create(&threads[i], NULL, exchange_blocks, (void *)(i + 1));
        for (int i = 0; i < THREADS; i++) {
            void *result;
            pthread_join(threads[i], &result);
            is_right &= result != NULL;
        }
        promise(is_right, "blocks are as they should be");
        promise(hak_sample_table_count() > PLACES / 2, "%u sampled blocks are live",
                hak_sample_table_count());
        free_all();
        promise(hak_sample_table_count() == 0, "when all came back, none is: %u",
                hak_sample_table_count());
    }
    void *block = HAK_NAME(malloc)(3000000);
    for (size_t bytes = 3500000; bytes < 8000000; bytes += 500000)
        block = HAK_NAME(realloc)(block, bytes);
    const struct hak_sample *sample = hak_sample_table_find(block);
    promise(hak_sample_table_count() == 1 && sample && sample->size == 7500000,
            "a large block that grew is one, of its new size");
    HAK_NAME(free)(block);
    promise(hak_sample_table_count() == 0, "and gone when it was given back");
    hak_heap_trim();
}

static void table_full(void)
{
    enum { MORE = 1000, MANY = HAK_SAMPLES_MAX + MORE, BYTES = 20 };
    static void *blocks[MANY];
    bool is_right = true;
    for (size_t i = 0; i < MANY; i++) {
        blocks[i] = HAK_NAME(malloc)(BYTES);
        is_right &= blocks[i] != NULL;
        memset(blocks[i], (int)i, BYTES);
    }
    promise(is_right, "every malloc answers");
    promise(hak_sample_table_count() == HAK_SAMPLES_MAX, "as many are known as there is room for");
    for (size_t i = 0; i < MANY; i++) {
        is_right &= *(unsigned char *)blocks[i] == (unsigned char)i;
        HAK_NAME(free)(blocks[i]);
    }
    promise(is_right, "and nothing overlaps");
    promise(hak_sample_table_count() == 0, "all came back");
    blocks[0] = HAK_NAME(malloc)(BYTES);
    promise(hak_sample_table_count() == 1, "and there is room again");
    HAK_NAME(free)(blocks[0]);
}

static void *fork_again(void *argument)
{
    bool *is_right = argument;
    for (int i = 0; i < 20; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            free_all(); /* of the parent's blocks, and of other threads' */
            uint64_t random = (uint64_t)i + 1;
            bool blocks_are_right = true;
            for (int k = 0; k < 200; k++)
                HAK_NAME(free)(any_block(&random, &blocks_are_right));
            _exit(blocks_are_right ? 0 : 1);
        }
        *is_right &= child_wait_clean(pid, 10);
    }
    return NULL;
}

static void forked(void)
{
    pthread_t churning, forking;
    bool is_right = true;
    pthread_create(&churning, NULL, exchange_blocks, (void *)7);
    pthread_create(&forking, NULL, fork_again, &is_right);
    pthread_join(churning, NULL);
    pthread_join(forking, NULL);
    promise(is_right, "children free what was sampled before, and go on sampling");
    free_all();
    promise(hak_sample_table_count() == 0, "the parent's table knows nothing of that");
}

/* The kernel counts the semaphore up when somebody attaches. */
static void switched(void)
{
    enum { TRIES = 100000, BYTES = 30000 };
    int tries = 0;
    void *volatile first = HAK_NAME(malloc)(BYTES);
    promise(hak_sample_interval() == 0 && hak_sample_table_count() == 0, "nothing is sampled");
    otel_memory_alloc_semaphore = 1;
    promise(hak_sample_interval() == HAK_SAMPLE_INTERVAL, "until somebody attaches");
    while (hak_sample_table_count() == 0 && tries++ < TRIES) {
        void *volatile block = HAK_NAME(malloc)(BYTES);
        if (hak_sample_table_count() == 0)
            HAK_NAME(free)(block);
    }
    promise(tries < TRIES, "%d mallocs of %d bytes later a block is", tries, BYTES);
    otel_memory_alloc_semaphore = 0;
    promise(hak_sample_interval() == 0, "and none when nobody is");
    for (tries = 0; tries < 10000; tries++) /* what was under way ends */
        HAK_NAME(free)(HAK_NAME(malloc)(BYTES));
    uint32_t count = hak_sample_table_count();
    for (tries = 0; tries < 10000; tries++)
        HAK_NAME(free)(HAK_NAME(malloc)(BYTES));
    promise(hak_sample_table_count() == count, "none is added");
    HAK_NAME(free)(first);
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } cases[] = {{"everything", everything},
                 {"table_full", table_full},
                 {"forked", forked},
                 {"switched", switched}};
    hak_heap_attach();
    hak_sample_start(); /* as the constructor does, which an un-interposed library may lack */
    for (size_t i = 0; count > 1 && i < sizeof cases / sizeof cases[0]; i++) {
        if (strcmp(arguments[1], cases[i].name) == 0)
            cases[i].run();
    }
    return promises_end();
}
