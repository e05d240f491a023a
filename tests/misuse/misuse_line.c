/* SPDX-License-Identifier: MIT */
/*
 * The line that a misused allocator ends with, word by word: what is wrong, with which pointer, in
 * which block of how many bytes, its size class and slab, and whose it is.
 */
#include "beside.h"
#include "size_class.h"
#include "support/process.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const uint32_t class_bytes[] = {
#define BYTES(c, below, bytes) [c] = bytes,
    HAK_SIZE_CLASSES(BYTES)
#undef BYTES
};

static uint32_t class_of(size_t size)
{
    uint32_t c = 0;
    while (class_bytes[c] < size)
        c++;
    return c;
}

/* Heap 1 is the shared one; the first thread's is 2, the next one's 3. */
#define MINE  "of heap 2, this thread's"
#define SLAB  " (size class %u), in the slab at %p "
#define START 0xffffull

static char *take(size_t size)
{
    char *p = malloc(size);
    memset(p, 'x', size < 64 ? size : 64);
    return p;
}

static void *slab_of(void *p)
{
    return (void *)((uintptr_t)p & ~START);
}

static void expect_double_free(void *p, size_t size, const char *whose)
{
    uint32_t c = class_of(size);
    expect(p,
           "hakmem: double free: pointer %p: free already; a free block of %u bytes that starts at "
           "%p" SLAB "%s",
           p, class_bytes[c], p, c, slab_of(p), whose);
}

static void twice(size_t size)
{
    char *p = take(size);
    expect_double_free(p, size, MINE);
    free(p);
    free(opaque(p));
}

static void interior(size_t size)
{
    char *p = take(size), *q = p + 16;
    uint32_t c = class_of(size);
    expect(q,
           "hakmem: pointer inside a block: pointer %p: no block starts there; inside a block of "
           "%u bytes "
           "that starts at %p, 16 bytes into it" SLAB MINE,
           (void *)q, class_bytes[c], (void *)p, c, slab_of(p));
    free(opaque(q));
}

static void interior_of_free(size_t size)
{
    char *p = take(size), *q = p + 16;
    uint32_t c = class_of(size);
    void *stays = take(size);
    free(p);
    malloc_trim(0);
    expect(q,
           "hakmem: pointer inside a block: pointer %p: no block starts there; inside a free block "
           "of %u "
           "bytes that starts at %p, 16 bytes into it" SLAB MINE,
           (void *)q, class_bytes[c], (void *)p, c, slab_of(p));
    free(opaque(q));
    free(stays);
}

static void misaligned(size_t size)
{
    char *p = take(size), *q = p + 1;
    uint32_t c = class_of(size);
    expect(q,
           "hakmem: misaligned pointer: pointer %p: no multiple of 16; inside a block of %u bytes "
           "that "
           "starts at %p, 1 byte into it" SLAB MINE,
           (void *)q, class_bytes[c], (void *)p, c, slab_of(p));
    free(opaque(q));
}

static void realloc_misaligned(size_t size)
{
    char *p = take(size), *q = p + 8;
    uint32_t c = class_of(size);
    expect(q,
           "hakmem: misaligned pointer: pointer %p: no multiple of 16; inside a block of %u bytes "
           "that "
           "starts at %p, 8 bytes into it" SLAB MINE,
           (void *)q, class_bytes[c], (void *)p, c, slab_of(p));
    *(volatile char *)realloc(opaque(q), 10) = 1;
}

/* 65536 is no multiple of the block's size: behind the last one there is a rest. (Where one more
 * block would start, it is told only when it reaches its slab.) */
static void behind_the_last(size_t size)
{
    char *p = take(size);
    uint32_t c = class_of(size), bytes = class_bytes[c];
    char *q = (char *)slab_of(p) + 65536 / bytes * bytes + 16;
    expect(q,
           "hakmem: invalid pointer (or double free): pointer %p: no block is in use there; behind "
           "the last "
           "block of %u bytes" SLAB MINE,
           (void *)q, bytes, c, slab_of(p));
    free(opaque(q));
}

static void never_handed_out(size_t size)
{
    char *p = take(size);
    uint32_t c = class_of(size), bytes = class_bytes[c];
    char *last = (char *)slab_of(p) + (65536 / bytes - 1) * bytes, *q = last + 16;
    expect(q,
           "hakmem: pointer inside a block: pointer %p: no block starts there; inside a block, "
           "never handed "
           "out, of %u bytes that starts at %p, 16 bytes into it" SLAB MINE,
           (void *)q, bytes, (void *)last, c, slab_of(p));
    free(opaque(q));
}

static char *victim;
static int other_thread;
static pthread_barrier_t taken;
static pthread_key_t key;

static void *take_and_stay(void *size)
{
    victim = take((size_t)size);
    other_thread = gettid();
    pthread_barrier_wait(&taken);
    pause();
    return NULL;
}

static void another_threads(size_t size)
{
    pthread_t thread;
    char whose[64];
    free(take(1));
    pthread_barrier_init(&taken, NULL, 2);
    pthread_create(&thread, NULL, take_and_stay, (void *)size);
    pthread_barrier_wait(&taken);
    snprintf(whose, sizeof whose, "of heap 3, thread %d's", other_thread);
    expect_double_free(victim, size, whose);
    free(victim);
    free(opaque(victim));
}

static void *take_it(void *size)
{
    victim = take((size_t)size);
    return NULL;
}

static void an_orphans(size_t size)
{
    pthread_t thread;
    free(take(1));
    pthread_create(&thread, NULL, take_it, (void *)size);
    pthread_join(thread, NULL);
    expect_double_free(victim, size, "of heap 3, an orphan: its thread ended");
    free(victim);
    free(opaque(victim));
}

static void wait_and_end_alike(pid_t pid)
{
    int status;
    waitpid(pid, &status, 0);
    if (WIFSIGNALED(status))
        raise(WTERMSIG(status));
}

/* In a fork's child other threads are gone. */
static void an_orphans_by_fork(size_t size)
{
    pthread_t thread;
    free(take(1));
    pthread_barrier_init(&taken, NULL, 2);
    pthread_create(&thread, NULL, take_and_stay, (void *)size);
    pthread_barrier_wait(&taken);
    pid_t pid = fork();
    if (pid > 0)
        wait_and_end_alike(pid);
    expect_double_free(victim, size, "of heap 3, an orphan: its thread ended");
    free(victim);
    free(opaque(victim));
}

static void *free_victim_twice(void *unused)
{
    free(victim);
    free(opaque(victim));
    return unused;
}

/* And the one that forked has another number. */
static void the_forked_threads(size_t size)
{
    pthread_t thread;
    char whose[64];
    victim = take(size);
    pid_t pid = fork();
    if (pid > 0)
        wait_and_end_alike(pid);
    snprintf(whose, sizeof whose, "of heap 2, thread %d's", gettid());
    expect_double_free(victim, size, whose);
    pthread_create(&thread, NULL, free_victim_twice, NULL);
    pthread_join(thread, NULL);
}

/* The last of four rounds of destructors: the thread's heap is gone. */
static void take_late(void *round)
{
    if ((size_t)round < 4)
        pthread_setspecific(key, (char *)round + 1);
    else
        victim = take(48);
}

static void *end_late(void *unused)
{
    pthread_setspecific(key, (void *)1);
    take(16);
    return unused;
}

static void the_shared_heaps(size_t size)
{
    pthread_t thread;
    free(take(1));
    pthread_key_create(&key, take_late);
    pthread_create(&thread, NULL, end_late, NULL);
    pthread_join(thread, NULL);
    expect_double_free(victim, size, "of heap 1, shared by threads without one");
    free(victim);
    free(opaque(victim));
}

static void inside_the_shared_heaps(size_t size)
{
    pthread_t thread;
    uint32_t c = class_of(size);
    free(take(1));
    pthread_key_create(&key, take_late);
    pthread_create(&thread, NULL, end_late, NULL);
    pthread_join(thread, NULL);
    char *q = victim + 16;
    expect(q,
           "hakmem: pointer inside a block: pointer %p: no block starts there; inside a block of "
           "%u bytes "
           "that starts at %p, 16 bytes into it" SLAB "of heap 1, shared by threads without one",
           (void *)q, class_bytes[c], (void *)victim, c, slab_of(victim));
    free(opaque(q));
}

/* A large block's length is told in grains of 4096, its span in units of 65536. */
static void inside_large(size_t size)
{
    char *p = take(size), *q = p + 65536;
    expect(q,
           "hakmem: pointer inside a block: pointer %p: no block starts there; inside a large "
           "block of %zu "
           "bytes that starts at %p, 65536 bytes into it, in a span of %zu bytes",
           (void *)q, (size + 4095) & ~4095ul, (void *)p, (size + 65535) & ~65535ul);
    free(opaque(q));
}

static void behind_large(size_t size)
{
    size_t span = (size + 65535) & ~65535ul;
    char *p = take(size), *q = p + span - 16;
    expect(q,
           "hakmem: pointer inside a block: pointer %p: no block starts there; behind a large "
           "block of %zu "
           "bytes that starts at %p, %zu bytes from there, in a span of %zu bytes",
           (void *)q, (size + 4095) & ~4095ul, (void *)p, span - 16, span);
    free(opaque(q));
}

static void large_twice(size_t size)
{
    size_t span = (size + 65535) & ~65535ul;
    char *before = take(size), *p = take(size), *after = take(size);
    expect(p,
           "hakmem: invalid pointer (or double free): pointer %p: no block is in use there; a free "
           "span of "
           "%zu bytes that starts at %p",
           (void *)p, span, (void *)p);
    if (before + span != p || p + span != after)
        expected->line[0] = '\0'; /* it may have merged with what else is free */
    free(p);
    free(opaque(p));
}

static void inside_free_span(size_t size)
{
    size_t span = (size + 65535) & ~65535ul;
    char *before = take(size), *p = take(size), *after = take(size), *q = p + 4096;
    expect(q,
           "hakmem: invalid pointer (or double free): pointer %p: no block is in use there; inside "
           "a free "
           "span of %zu bytes that starts at %p, 4096 bytes into it",
           (void *)q, span, (void *)p);
    if (before + span != p || p + span != after)
        expected->line[0] = '\0';
    free(p);
    free(opaque(q));
}

static void never_reached(size_t size)
{
    char *q = take(size) + (1ul << 36);
    expect(q,
           "hakmem: invalid pointer (or double free): pointer %p: no block is in use there; in "
           "addresses "
           "kept for blocks to come",
           (void *)q);
    free(opaque(q));
}

static void foreign(size_t size)
{
    char *q = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect(q,
           "hakmem: foreign pointer: pointer %p: not from this allocator (stack, static or another "
           "allocator's memory, or a huge block freed before)",
           (void *)q);
    free(opaque(q));
}

static const struct misuse_case cases[] = {
    {"double free", twice, 16},
    {"double free", twice, 64},
    {"double free", twice, 1000},
    {"double free", twice, 30000},
    {"double free of a running thread's", another_threads, 64},
    {"double free of an ended thread's", an_orphans, 64},
    {"double free of a thread's lost in a fork", an_orphans_by_fork, 64},
    {"double free of the forked thread's", the_forked_threads, 64},
    {"double free of the shared heap's", the_shared_heaps, 48},
    {"inside a block of the shared heap's", inside_the_shared_heaps, 48},
    {"inside a block", interior, 64},
    {"inside a block", interior, 5000},
    {"inside a free block", interior_of_free, 200},
    {"misaligned", misaligned, 40},
    {"misaligned, to realloc", realloc_misaligned, 40},
    {"behind a slab's last block", behind_the_last, 5000},
    {"inside a block never handed out", never_handed_out, 64},
    {"inside a large block", inside_large, 200000},
    {"behind a large block, in its span", behind_large, 200000},
    {"double free of a large block", large_twice, 300000},
    {"inside a free span", inside_free_span, 300000},
    {"where nothing was ever handed out", never_reached, 16},
    {"foreign", foreign, 8192},
};

int main(int argc, char **argv)
{
    return beside_main(argc, argv, cases, sizeof cases / sizeof *cases);
}
