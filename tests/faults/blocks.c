/* SPDX-License-Identifier: MIT */
/* Scenarios of one thread: blocks of every kind, large ones, huge ones, and what goes back to the
 * kernel. */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "export.h"
#include "factors.h"
#include "faults.h"
#include "scenario.h"
#include "support/process.h"

enum { SLOTS = 96 };

int hakmem_malloc_trim(size_t keep);

static struct stamped slots[SLOTS];

static void free_all(void)
{
    for (int i = 0; i < SLOTS; i++)
        free_stamped(&slots[i]);
}

static void require_apart(const unsigned char *p, size_t bytes)
{
    for (int i = 0; i < SLOTS; i++)
        require(p + bytes <= slots[i].p || slots[i].p + slots[i].bytes <= p || !slots[i].p,
                "no two live blocks overlap");
}

static void require_zero(const unsigned char *p, size_t bytes)
{
    require(bytes == 0 || (p[0] == 0 && memcmp(p, p + 1, bytes - 1) == 0), "calloc gives zeroes");
}

/* A new block by one of the calls; NULL where it is refused. */
static unsigned char *allocate(uint64_t r, size_t bytes)
{
    void *p = NULL;
    size_t alignment = (size_t)16 << (r >> 8) % 10;
    switch (r % 8) {
    case 0:
        p = or_no_memory(hakmem_calloc(1, bytes));
        if (p)
            require_zero(p, bytes);
        return p;
    case 1:
        p = or_no_memory(hakmem_aligned_alloc(alignment, bytes));
        require((uintptr_t)p % alignment == 0, "aligned_alloc aligns");
        return p;
    case 2:
        errno = 4242;
        int error = hakmem_posix_memalign(&p, alignment, bytes);
        require((error == 0 || error == ENOMEM) && errno == 4242, "posix_memalign returns ENOMEM");
        return p;
    case 3:
        return or_no_memory(hakmem_realloc(NULL, bytes));
    default:
        return or_no_memory(hakmem_malloc(bytes));
    }
}

static size_t mixed_size(uint64_t r)
{
    return r % 32 == 0 ? 1 + r / 32 % 300000 : r % 4 == 0 ? r / 32 % 30000 : r / 32 % 600;
}

static void step(uint64_t *seed, size_t size_of(uint64_t))
{
    uint64_t r = random_next(seed);
    struct stamped *slot = &slots[r % SLOTS];
    size_t bytes = size_of(random_next(seed));
    if (!slot->p) {
        unsigned char *p = allocate(r >> 20, bytes);
        if (p)
            require_apart(p, bytes);
        stamp(slot, p, bytes);
    } else if (r >> 16 & 1 && bytes > 0) {
        resize_stamped(slot, bytes);
    } else {
        free_stamped(slot);
    }
}

static void run_mixed(void)
{
    uint64_t seed = 77;
    for (int i = 0; i < 500; i++)
        step(&seed, mixed_size);
    hakmem_malloc_trim(0);
    for (int i = 0; i < 100; i++)
        step(&seed, mixed_size);
}

/* Spans that grow where they stand, are copied, and whose pages are moved. */
static size_t large_size(uint64_t r)
{
    return 33000 + (r % 32 == 0 ? r / 32 % 5000000 : r / 32 % 300000);
}

static void run_large(void)
{
    uint64_t seed = 5;
    for (int i = 0; i < 80; i++)
        step(&seed, large_size);
    for (int i = 0; i < 16; i++)
        if (slots[i % 8].p)
            resize_stamped(&slots[i % 8], 400000 + (size_t)i * 100000);
    hakmem_malloc_trim(0);
    for (int i = 0; i < 20; i++)
        step(&seed, large_size);
}

/* The arena holds 8 MiB: most of what follows is mapped by itself. */
static void small_arena(void)
{
    faults_address_space(16 << 20);
}

static void run_huge(void)
{
    uint64_t seed = 9;
    void *filler[8];
    for (int i = 0; i < 8; i++)
        filler[i] = or_no_memory(hakmem_malloc((size_t)1 << 20));
    for (int i = 0; i < 80; i++)
        step(&seed, large_size);
    for (int i = 0; i < 4; i++) {
        free_stamped(&slots[i]);
        void *p = or_no_memory(hakmem_aligned_alloc((size_t)4 << 20, 200000));
        require((uintptr_t)p % ((size_t)4 << 20) == 0, "a huge block is aligned");
        stamp(&slots[i], p, 200000);
    }
    for (int i = 0; i < 8; i++)
        hakmem_free(filler[i]);
    for (int i = 0; i < 40; i++)
        step(&seed, mixed_size);
}

/* Few blocks stay among many that don't, and time passes. */
static void run_purge(void)
{
    uint64_t seed = 3;
    for (int round = 0; round < 3; round++) {
        static void *many[400];
        for (int i = 0; i < 400; i++)
            many[i] = or_no_memory(hakmem_malloc(i % 40 == 0 ? 70000 : 300 + (size_t)i % 7 * 400));
        for (int i = 0; i < 400; i++) {
            if (i % 50 != 7 || slots[i / 50].p)
                hakmem_free(many[i]);
            else
                stamp(&slots[i / 50], many[i], 300);
        }
        for (int i = 0; i < 12; i++) {
            faults_pass_time(100);
            step(&seed, mixed_size);
            hakmem_free(hakmem_malloc(1000));
        }
    }
    hakmem_malloc_trim(0);
}

/* Upkeep comes by while one more block is freed into a magazine that was left full, and finds it
 * idle: it is empty then, and must not go to the depot as a full one. */
static void run_overflow(void)
{
    enum { BLOCKS = 2 * HAK_MAGAZINE_SLOTS, BYTES = 64, CLASS = 3 };
    static void *many[BLOCKS];
    for (int round = 0; round < 64; round++) {
        for (int i = 0; i < BLOCKS; i++)
            many[i] = or_no_memory(hakmem_malloc(BYTES));
        for (int i = 0; i < BLOCKS; i++) {
            if (cache_count(&hak_thread, CLASS) == hak_magazine_slots(CLASS)) {
                faults_pass_time(100);
                hakmem_free(hakmem_malloc(1000)); /* a look that sees the class in use */
                faults_pass_time(100);
            }
            hakmem_free(many[i]);
        }
        for (int i = 0; i < 2; i++)
            if ((many[i] = or_no_memory(hakmem_malloc(BYTES))))
                memset(many[i], 1, BYTES);
        hakmem_free(many[0]);
        hakmem_free(many[1]);
        for (int i = 0; i < round % 5; i++) /* so that looks fall on another slow path */
            hakmem_free(hakmem_malloc((size_t)1100 + (size_t)i * 200));
    }
}

const struct scenario scenario_overflow = {.name = "overflow", .run = run_overflow};
const struct scenario scenario_mixed = {.name = "mixed", .run = run_mixed, .finish = free_all};
const struct scenario scenario_large = {
    .name = "large", .run = run_large, .finish = free_all, .weight = 1};
const struct scenario scenario_huge = {
    .name = "huge", .prepare = small_arena, .run = run_huge, .finish = free_all, .weight = 1};
const struct scenario scenario_purge = {.name = "purge", .run = run_purge, .finish = free_all};
