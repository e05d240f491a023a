/* SPDX-License-Identifier: MIT */
/*
 * libfloor.so: what no allocator can pass in a program whose blocks fit BLOCK. Every thread has one
 * list of free blocks, last in first out, linked through the blocks; nothing is classified, looked
 * up, counted or given back.
 *
 * NOT FOR REAL USE. A larger block is taken from fresh memory and joins the list of small ones when
 * it is freed; what a thread frees stays on its list when it ends. A program that would grow
 * without end by that is stopped with one line: its figure would be no limit. Nothing else is ever
 * checked.
 */
#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ALIGNMENT = 16, BLOCK = 1040, CHUNK = 1008 * BLOCK };

static const size_t RESERVED = (size_t)1 << 36;

/* What a program may take: a few larger blocks, as every program has, and memory in all. */
static const size_t LARGER_MAX = (size_t)64 << 20, TAKEN_MAX = (size_t)512 << 20;

struct free_block {
    struct free_block *next;
};

#define PUBLIC       __attribute__((visibility("default")))
#define THREAD_LOCAL static __thread __attribute__((tls_model("initial-exec")))

THREAD_LOCAL struct free_block *first_free;
THREAD_LOCAL char *fresh, *fresh_end; /* never used so far */

/* Both by atomic access alone. */
static char *base; /* of the reserved range */
static size_t taken;
static size_t taken_by_larger;

/* One line, whatever other threads come to the same end. */
static _Noreturn void stop(const char *line, size_t length)
{
    static bool is_said;
    while (__atomic_exchange_n(&is_said, true, __ATOMIC_RELAXED))
        pause();
    ssize_t written = write(STDERR_FILENO, line, length);
    _exit(written == (ssize_t)length ? 1 : 2);
}

#define STOP(line) stop("libfloor: " line "\n", sizeof "libfloor: " line)

static char *reserve(void)
{
    char *range = mmap(NULL, RESERVED, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    char *expected = NULL;
    if (range == MAP_FAILED)
        return NULL;
    if (__atomic_compare_exchange_n(&base, &expected, range, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return range;
    munmap(range, RESERVED);
    return expected;
}

__attribute__((noinline, cold)) static void *take(size_t size)
{
    char *range = __atomic_load_n(&base, __ATOMIC_ACQUIRE);
    if (!range)
        range = reserve();
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (!range || size > RESERVED || __atomic_load_n(&taken, __ATOMIC_RELAXED) > RESERVED - size)
        goto out;
    size_t start = __atomic_fetch_add(&taken, size, __ATOMIC_RELAXED);
    if (size != CHUNK && __atomic_add_fetch(&taken_by_larger, size, __ATOMIC_RELAXED) > LARGER_MAX)
        STOP("its blocks don't fit 1040 bytes");
    if (start > TAKEN_MAX)
        STOP("its memory does not come back to its threads");
    if (start <= RESERVED - size)
        return range + start;
out:
    errno = ENOMEM;
    return NULL;
}

__attribute__((noinline)) static void *carve(size_t size)
{
    if (size > BLOCK)
        return size > PTRDIFF_MAX ? take(SIZE_MAX / 2) : take(size);
    if (fresh == fresh_end) {
        char *chunk = take(CHUNK);
        if (!chunk)
            return NULL;
        fresh = chunk;
        fresh_end = chunk + CHUNK;
    }
    void *block = fresh;
    fresh += BLOCK;
    return block;
}

PUBLIC void *malloc(size_t size)
{
    struct free_block *block = first_free;
    if (__builtin_expect(!block || size > BLOCK, 0))
        return carve(size);
    first_free = block->next;
    return block;
}

PUBLIC void free(void *pointer)
{
    struct free_block *block = pointer;
    if (__builtin_expect(!block, 0))
        return;
    block->next = first_free;
    first_free = block;
}

PUBLIC void *calloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    void *block = malloc(bytes);
    return block ? memset(block, 0, bytes) : NULL;
}

/* How large the old block is, nobody knows: what lies behind it is readable and copied too. */
PUBLIC void *realloc(void *pointer, size_t size)
{
    if (pointer && size <= BLOCK)
        return pointer;
    void *block = malloc(size);
    if (pointer && block) {
        size_t behind =
            (size_t)(__atomic_load_n(&base, __ATOMIC_ACQUIRE) + RESERVED - (char *)pointer);
        memcpy(block, pointer, size < behind ? size : behind);
        free(pointer);
    }
    return block;
}

PUBLIC void *memalign(size_t alignment, size_t size)
{
    if (alignment <= ALIGNMENT)
        return malloc(size);
    size_t bytes;
    if (__builtin_add_overflow(size < BLOCK ? BLOCK : size, alignment, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    char *block = take(bytes);
    return block ? block + (-(uintptr_t)block & (alignment - 1)) : NULL;
}

PUBLIC void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

PUBLIC int posix_memalign(void **result, size_t alignment, size_t size)
{
    void *block = memalign(alignment, size);
    if (!block)
        return ENOMEM;
    *result = block;
    return 0;
}

PUBLIC size_t malloc_usable_size(void *pointer)
{
    return pointer ? BLOCK : 0;
}
