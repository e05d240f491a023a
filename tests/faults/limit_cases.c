/* SPDX-License-Identifier: MIT */
/* What a program does under a limit. Each of these runs in a process of its own, on any malloc. */
#include "limit_cases.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "folder.h"
#include "support/process.h"

enum { SLOTS = 512, STEPS = 6000 };

struct block {
    unsigned char *p;
    size_t bytes;
};

static bool is_whole(const struct block *b)
{
    unsigned char mark = (unsigned char)(b->bytes * 7 + 1);
    return !b->p || (b->p[0] == mark && b->p[b->bytes / 2] == mark && b->p[b->bytes - 1] == mark);
}

static void write_block(struct block *b, void *p, size_t bytes)
{
    *b = (struct block){p, bytes};
    memset(p, (int)(unsigned char)(bytes * 7 + 1), bytes);
}

static size_t size_from(uint64_t r)
{
    return 1 + (r % 64 == 0 ? r / 64 % 400000 : r % 4 == 0 ? r / 64 % 20000 : r / 64 % 600);
}

/* Blocks of all sizes come, change their size and go. Where `may_refuse`, with ENOMEM at times. */
static const char *churn(uint64_t seed, bool may_refuse)
{
    static __thread struct block slots[SLOTS];
    for (int i = 0; i < STEPS; i++) {
        uint64_t r = random_next(&seed);
        struct block *b = &slots[r % SLOTS];
        size_t bytes = size_from(r >> 16);
        if (!is_whole(b))
            return "a block changed";
        if (b->p && r >> 60 & 1) {
            free(b->p);
            b->p = NULL;
            continue;
        }
        errno = 0;
        void *p = b->p ? realloc(b->p, bytes) : malloc(bytes);
        if (p)
            write_block(b, p, bytes);
        else if (errno != ENOMEM)
            return "refused without ENOMEM";
        else if (!may_refuse)
            return "refused";
    }
    for (int i = 0; i < SLOTS; i++) {
        if (!is_whole(&slots[i]))
            return "a block changed";
        free(slots[i].p);
        slots[i].p = NULL;
    }
    return NULL;
}

static const char *live(void)
{
    return churn(1, false);
}

/* Until it is refused; what was freed serves again. */
static const char *fill_up_twice(void)
{
    static void *blocks[1 << 16];
    size_t first = 0, count = 0;
    for (int round = 0; round < 2; round++) {
        errno = 0;
        for (count = 0; count < 1 << 16 && (blocks[count] = malloc(20000)); count++)
            memset(blocks[count], 1, 20000);
        if (count == 1 << 16)
            return "no limit was met";
        if (errno != ENOMEM)
            return "refused without ENOMEM";
        if (round == 0)
            first = count;
        for (size_t i = 0; i < count; i++)
            free(blocks[i]);
    }
    if (count < first / 2 || first < 1000)
        return "less memory after frees";
    return churn(1, false);
}

/* 32 MiB at a time, in blocks of another size each time. */
static const char *stay_within(void)
{
    static void *blocks[1 << 18];
    static const size_t sizes[] = {200, 30000, 1000, 200000, 5000, 16384, 300};
    for (int round = 0; round < 21; round++) {
        size_t bytes = sizes[round % 7], count = (32u << 20) / bytes;
        for (size_t i = 0; i < count; i++) {
            if (!(blocks[i] = malloc(bytes)))
                return "refused";
            memset(blocks[i], 1, bytes);
        }
        for (size_t i = 0; i < count; i++)
            free(blocks[i]);
    }
    return churn(1, false);
}

static const char *exceed(void)
{
    for (int i = 0; i < 256; i++) {
        char *p = malloc(1 << 20);
        if (!p)
            return "refused";
        memset(p, 1, 1 << 20);
    }
    return "nothing happened";
}

static char *filler;
static size_t filler_bytes;

/* Every second page may be written, until the kernel takes no mapping more. */
static bool exhaust_mappings(void)
{
    size_t page = (size_t)getpagesize();
    filler_bytes = page * 80000;
    filler =
        mmap(NULL, filler_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (filler == MAP_FAILED)
        return false;
    for (size_t i = 1; i < filler_bytes / page; i += 2)
        if (mprotect(filler + i * page, page, PROT_READ) != 0)
            break;
    while (mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED &&
           mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
        continue;
    return errno == ENOMEM;
}

static pthread_barrier_t exhausted;

/* Starts before mappings are used up, and allocates and ends after. */
static void *outlive(void *argument)
{
    pthread_barrier_wait(&exhausted);
    return (void *)churn((uintptr_t)argument, true);
}

static void *churn_in_thread(void *argument)
{
    return (void *)churn((uintptr_t)argument, true);
}

/* Blocks next to each other, of which the kernel may make one mapping; their frees may have to
 * split it. */
static void allocate_many(struct block *blocks, int count)
{
    for (int i = 0; i < count; i++) {
        void *p = malloc(300000);
        if (p)
            write_block(&blocks[i], p, 300000);
    }
}

static const char *free_every_other(struct block *blocks, int count, int first)
{
    for (int i = first; i < count; i += 2) {
        if (!is_whole(&blocks[i]))
            return "a block changed";
        void *p = blocks[i].p ? realloc(blocks[i].p, 200000) : NULL;
        if (blocks[i].p && !p)
            return "a block could not be made shorter";
        free(p);
        blocks[i].p = NULL;
    }
    return NULL;
}

static const char *live_without_mappings(void)
{
    enum { BLOCKS = 60 };
    static struct block blocks[BLOCKS];
    pthread_t early, late;
    void *said = NULL;
    pthread_barrier_init(&exhausted, NULL, 2);
    allocate_many(blocks, BLOCKS);
    if (pthread_create(&early, NULL, outlive, (void *)3) != 0 || !exhaust_mappings())
        return "mappings could not be used up";
    pthread_barrier_wait(&exhausted);
    pthread_join(early, &said);
    const char *wrong = said ? said : churn(4, true);
    if (!wrong && pthread_create(&late, NULL, churn_in_thread, (void *)5) == 0) {
        pthread_join(late, &said);
        wrong = said;
    }
    wrong = wrong ? wrong : free_every_other(blocks, BLOCKS, 0);
    malloc_trim(0);
    if (munmap(filler, filler_bytes) != 0)
        return "mappings stay used up";
    wrong = wrong ? wrong : free_every_other(blocks, BLOCKS, 1);
    return wrong ? wrong : churn(6, false);
}

/* The arena, of 512 MiB there, is one block: the others are mapped one by one. */
static const char *live_without_mappings_or_arena(void)
{
    void *most = malloc(505 << 20);
    const char *wrong = live_without_mappings();
    free(most);
    return wrong;
}

/* The program advises on part of a block that is a mapping of its own: two now, which the kernel
 * does not move as one. */
static const char *grow_what_advice_split(void)
{
    void *most = malloc(505 << 20);
    struct block block;
    size_t page = (size_t)getpagesize();
    char *p = malloc(20 << 20);
    if (!most || !p)
        return "refused";
    write_block(&block, p, 20 << 20);
    char *middle = p + (10 << 20) - (uintptr_t)p % page;
    if (madvise(middle, page * 16, MADV_DONTDUMP) != 0)
        return "no advice taken";
    block.p = realloc(block.p, 30 << 20);
    if (!block.p)
        return "refused";
    return is_whole(&(struct block){block.p, 20 << 20}) ? NULL : "a block changed";
}

/* On the least stack that a thread may have. */
static const char *live_on_small_stack(void)
{
    pthread_attr_t small;
    pthread_t thread;
    void *said = NULL;
    pthread_attr_init(&small);
    /* The slots of churn are thread-local and take room of the stack's mapping. */
    pthread_attr_setstacksize(&small, PTHREAD_STACK_MIN + SLOTS * sizeof(struct block) + 4096);
    if (pthread_create(&thread, &small, churn_in_thread, (void *)7) != 0)
        return "no thread";
    pthread_join(thread, &said);
    return said;
}

static const char *fork_and_live(void)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0)
        _exit(churn(8, false) ? 1 : 0);
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        return "a child did not live";
    return churn(9, false);
}

static const char *live_without_threads(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, churn_in_thread, (void *)5) == 0)
        pthread_join(thread, NULL);
    return churn(10, false);
}

/* Also no child can open a file of counters then. */
static const char *live_without_files(void)
{
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_NOFILE, &none) != 0)
        return "the limit could not be set";
    return fork_and_live();
}

static const char *live_when_folder_vanishes(void)
{
    if (!folder_remove(getenv("HAKMEM_COUNTERS_DIR"), NULL))
        return "the folder could not be removed";
    return fork_and_live();
}

const struct limit_case limit_cases[] = {
    {"RLIMIT_DATA 64 MiB", enter_data_limit, fill_up_twice, "kept"},
    {"memory cgroup 64 MiB, stays within", enter_memory_cgroup, stay_within, "kept"},
    {"memory cgroup 64 MiB, exceeds", enter_memory_cgroup, exceed, "SIGKILL"},
    {"vm.max_map_count exhausted", NULL, live_without_mappings, "kept"},
    {"and the arena, too", enter_address_space_limit, live_without_mappings_or_arena, "kept"},
    {"a block that advice split", enter_address_space_limit, grow_what_advice_split, "kept"},
    {"least stack of a thread", NULL, live_on_small_stack, "kept"},
    {"RLIMIT_NPROC 1: no thread", enter_one_process, live_without_threads, "kept"},
    {"/proc is not mounted", enter_without_proc, live, "kept"},
    {"no file descriptor left", enter_folder, live_without_files, "kept"},
    {"folder of counters is missing", enter_missing_folder, fork_and_live, "kept"},
    {"is read-only", enter_read_only_folder, fork_and_live, "kept"},
    {"is on a full disk", enter_full_disk, fork_and_live, "kept"},
    {"vanishes", enter_folder, live_when_folder_vanishes, "kept"},
    {NULL, NULL, NULL, NULL},
};
