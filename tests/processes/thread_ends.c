/* SPDX-License-Identifier: MIT */
/*
 * Every way for a thread to end: cancelled in a loop of mallocs, detached, the main thread before
 * the others, while other threads free its blocks and yet others take its heap over. Somebody reads
 * the statistics all the while: they never tell of less than nothing.
 *
 *     thread_ends [rounds]
 *     thread_ends main       only this: the main thread ends first
 */
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

/* GRAIN_KB: as in threads.c, what libc keeps of ended threads varies by so much. */
enum { BLOCKS = 600, ENDING = 3, WATCHDOG_SECONDS = 300, GRAIN_KB = 1024 };
#define ABSURD_BYTES ((size_t)1 << 40)

extern char **environ;
static atomic_uint damaged, cleaned, done;
static atomic_bool stop;

static size_t size_of(uint64_t r)
{
    return r % 64 == 0 ? 40000 + r % 100000 : 1 + r % 3000;
}

/* Frees what the cancelled loop holds. */
static void clean_up(void *kept)
{
    for (int i = 0; i < 64; i++)
        free(((void **)kept)[i]);
    atomic_fetch_add(&cleaned, 1);
}

static void allocate_for_ever(void **kept, uint64_t seed)
{
    for (;;) {
        uint64_t r = random_next(&seed);
        free(kept[r % 64]);
        kept[r % 64] = malloc(size_of(r >> 8));
        pthread_testcancel();
    }
}

static void *until_cancelled(void *argument)
{
    void *kept[64] = {0};
    pthread_cleanup_push(clean_up, kept);
    allocate_for_ever(kept, (uintptr_t)argument + 1);
    pthread_cleanup_pop(1);
    return NULL;
}

static bool cancel_some(unsigned long count)
{
    pthread_t threads[4];
    for (unsigned long i = 0; i < count; i++) {
        for (unsigned k = 0; k < 4; k++)
            if (pthread_create(&threads[k], NULL, until_cancelled, (void *)(i * 4 + k)))
                return false;
        usleep((useconds_t)(i % 7) * 100);
        for (unsigned k = 0; k < 4; k++)
            pthread_cancel(threads[k]);
        for (unsigned k = 0; k < 4; k++)
            pthread_join(threads[k], NULL);
    }
    return true;
}

static void cancelled(unsigned long rounds)
{
    bool fine = cancel_some(10);
    malloc_trim(0);
    size_t first = resident_kb();
    fine = fine && cancel_some(rounds);
    malloc_trim(0);
    size_t last = resident_kb();
    promise(fine && cleaned == 4 * (rounds + 10), "%u threads cancelled while they allocate",
            cleaned);
    promise(last * 10 <= (first + GRAIN_KB) * 12, "resident after them %zu KiB, after 40 %zu KiB",
            last, first);
}

static void *short_and_detached(void *argument)
{
    uint64_t seed = (uintptr_t)argument + 1;
    void *kept[32] = {0};
    for (int i = 0; i < 300; i++) {
        uint64_t r = random_next(&seed);
        free(kept[i % 32]);
        kept[i % 32] = malloc(size_of(r));
    }
    for (int i = 0; i < 32; i++)
        free(kept[i]);
    atomic_fetch_add(&done, 1);
    return NULL;
}

static void detached(unsigned long rounds)
{
    pthread_attr_t attributes;
    unsigned long started = 0;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    for (; started < 4 * rounds; started++) {
        pthread_t thread;
        if (pthread_create(&thread, &attributes, short_and_detached, (void *)started))
            break;
        while (started > 16 + atomic_load(&done))
            usleep(100);
    }
    while (atomic_load(&done) < started)
        usleep(100);
    pthread_attr_destroy(&attributes);
    promise(started == 4 * rounds, "%lu detached threads", started);
}

struct batch {
    unsigned char *blocks[BLOCKS];
    size_t sizes[BLOCKS];
    atomic_uint written, taken;
};

static struct batch batches[ENDING];

/* Hands its blocks over one by one, and ends while they are still being freed. */
static void *fill_and_end(void *argument)
{
    struct batch *batch = argument;
    uint64_t seed = (uint64_t)(batch - batches) + 17;
    for (unsigned i = 0; i < BLOCKS; i++) {
        batch->sizes[i] = size_of(random_next(&seed));
        batch->blocks[i] = malloc(batch->sizes[i]);
        memset(batch->blocks[i], (int)i, batch->sizes[i]);
        atomic_store(&batch->written, i + 1);
    }
    return NULL;
}

/* Two of these share each batch. */
static void *free_all(void *unused)
{
    for (unsigned left = ENDING; left > 0;) {
        left = ENDING;
        for (unsigned b = 0; b < ENDING; b++) {
            struct batch *batch = &batches[b];
            unsigned i = atomic_load(&batch->taken);
            left -= i == BLOCKS;
            if (i >= atomic_load(&batch->written) ||
                !atomic_compare_exchange_strong(&batch->taken, &i, i + 1))
                continue;
            unsigned char *p = batch->blocks[i];
            if (p[0] != (unsigned char)i || p[batch->sizes[i] - 1] != (unsigned char)i)
                atomic_fetch_add(&damaged, 1);
            free(p);
        }
    }
    return unused;
}

static void *read_statistics(void *absurd)
{
    while (!atomic_load(&stop)) {
        struct mallinfo2 now = mallinfo2();
        *(size_t *)absurd += now.uordblks > ABSURD_BYTES || now.hblks > ABSURD_BYTES;
    }
    return absurd;
}

static void while_others_drain(unsigned long rounds)
{
    pthread_t reader, ending[ENDING], draining[2];
    size_t absurd = 0;
    pthread_create(&reader, NULL, read_statistics, &absurd);
    for (unsigned long round = 0; round < rounds; round++) {
        for (unsigned i = 0; i < ENDING; i++) {
            atomic_store(&batches[i].written, 0);
            atomic_store(&batches[i].taken, 0);
        }
        for (unsigned i = 0; i < 2; i++)
            pthread_create(&draining[i], NULL, free_all, NULL);
        for (unsigned i = 0; i < ENDING; i++)
            pthread_create(&ending[i], NULL, fill_and_end, &batches[i]);
        for (unsigned i = 0; i < ENDING; i++)
            pthread_join(ending[i], NULL);
        for (unsigned i = 0; i < 2; i++)
            pthread_join(draining[i], NULL);
    }
    atomic_store(&stop, true);
    pthread_join(reader, NULL);
    promise(damaged == 0, "%lu threads ended while others freed their blocks: %u damaged",
            ENDING * rounds, damaged);
    promise(absurd == 0, "statistics of less than nothing, meanwhile: %zu", absurd);
}

/* The process goes on until its last thread ends. */
static void end_main_first(void)
{
    pthread_t thread;
    alarm(WATCHDOG_SECONDS);
    for (uintptr_t i = 0; i < 3; i++)
        if (pthread_create(&thread, NULL, short_and_detached, (void *)i) || pthread_detach(thread))
            _exit(3);
    free(opaque(malloc(1000)));
    pthread_exit(NULL);
}

static void main_first(unsigned long rounds)
{
    char program[4096];
    char *const arguments[] = {program, "main", NULL};
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = 0;
    unsigned clean = 0, count = rounds < 50 ? 5 : 20;
    for (unsigned i = 0; i < count; i++)
        clean += child_start(arguments, environ, 20).exit_status == 0;
    promise(clean == count, "the main thread ends first: %u of %u programs ended clean", clean,
            count);
}

int main(int argc, char **argv)
{
    under_hakmem();
    if (argc == 2 && strcmp(argv[1], "main") == 0)
        end_main_first();
    unsigned long rounds = argument_or(argc, argv, 1, 100);
    alarm(WATCHDOG_SECONDS);
    cancelled(rounds);
    detached(rounds);
    while_others_drain(2 * rounds);
    main_first(rounds);
    return promises_end();
}
