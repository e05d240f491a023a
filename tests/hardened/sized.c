/* SPDX-License-Identifier: MIT */
/* Sized frees of the size that was allocated, and of others. */
#include "cases.h"
#include "support/process.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

void free_sized(void *p, size_t size) __attribute__((weak));
void free_aligned_sized(void *p, size_t alignment, size_t size) __attribute__((weak));

typedef void sized_delete(void *, size_t);

/* What a C++ program calls: operator delete(void *, std::size_t). */
static sized_delete *delete_sized(void)
{
    union { /* what dlsym returns is no function pointer to ISO C */
        void *symbol;
        sized_delete *function;
    } found = {dlsym(RTLD_DEFAULT, "_ZdlPvm")};
    return found.function;
}

static void *new_victim(size_t size)
{
    void *p = malloc(size);
    case_victim(p);
    return p;
}

static void delete_of_more(size_t size)
{
    delete_sized()(new_victim(size), 2 * size + 16);
}

static void delete_of_less(size_t size)
{
    delete_sized()(new_victim(size), size / 2);
}

static void free_of_more(size_t size)
{
    free_sized(new_victim(size), 2 * size + 16);
}

static void delete_of_large(size_t size)
{
    delete_sized()(new_victim(size), size + 4096);
}

static void aligned_as_small(size_t size)
{
    void *p = memalign(1024, size);
    case_victim(p);
    free_aligned_sized(p, 16, size);
}

/* Every size, and what realloc made of it. */
static void of_the_right_size(size_t most)
{
    for (size_t n = 0; n < most; n += n < 2000 ? 1 : 509) {
        free_sized(malloc(n), n);
        delete_sized()(malloc(n), n);
        delete_sized()(calloc(1, n), n);
        for (size_t alignment = 16; alignment <= 8192; alignment *= 4)
            free_aligned_sized(memalign(alignment, n), alignment, n);
        free_sized(realloc(malloc(n), n + 100), n + 100);
        free_sized(realloc(malloc(n + n / 3), n + 1), n + 1);
    }
    free_sized(NULL, 5);
    delete_sized()(NULL, 5);
    delete_sized()(malloc(90 << 20), 90 << 20);
    free_aligned_sized(memalign(1 << 20, 100), 1 << 20, 100);
}

#define WRONG "wrong size"

const struct hardened_case sized_cases[] = {
    {"deleted as twice as much", delete_of_more, 50, ENDING_NAMED, WRONG, CONTROL_DIFFERS, false},
    {"deleted as twice as much", delete_of_more, 20000, ENDING_NAMED, WRONG, CONTROL_DIFFERS,
     false},
    {"deleted as half as much", delete_of_less, 100, ENDING_NAMED, WRONG, CONTROL_DIFFERS, false},
    {"freed as twice as much", free_of_more, 50, ENDING_NAMED, WRONG, CONTROL_DIFFERS, false},
    {"deleted as a page more", delete_of_large, 100000, ENDING_NAMED, WRONG, CONTROL_DIFFERS,
     false},
    {"freed as if of another alignment", aligned_as_small, 100, ENDING_NAMED, WRONG,
     CONTROL_DIFFERS, false},
    {"freed as what they are, every size", of_the_right_size, 200000, ENDING_CLEAN, NULL,
     CONTROL_ALIKE, false},
    {0},
};
