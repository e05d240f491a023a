/* SPDX-License-Identifier: MIT */
/*
 * A trace of `hakmem-trace record` on the allocator at hand, with its threads and its order. Every
 * block is written as a program would, a byte in each page and the last, and read before it is
 * given up.
 */
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "replay_plan.h"
#include "workload.h"

enum { TOUCH, OPTIONS };
enum { PART_ENTRIES = 4096, SPINS = 200 };

/* What one thread works with; on cache lines of its own. */
struct worker {
    _Alignas(128) const struct replay_stream *stream;
    void **table;
    struct replay_entry *part; /* what is read of its entries at a time; PART_ENTRIES at most */
    pthread_t thread;
    _Atomic bool has_started; /* `thread` is known */
    sem_t released;
    uint64_t checksum; /* read when the thread has ended */
};

static struct replay_plan plan;
static struct worker *workers;
static _Atomic(void *) *shared;
static size_t shared_bytes, step;
static _Atomic bool failed; /* memory or threads ran out: nobody waits any longer */

/* A thread that got the block may still be on its way: between two cores it takes a moment, on one
 * it has to be let run. */
static __attribute__((noinline)) void *wait_for(_Atomic(void *) *place)
{
    void *block;
    for (unsigned i = 0; !(block = atomic_load_explicit(place, memory_order_acquire)); i++) {
        if (atomic_load_explicit(&failed, memory_order_relaxed))
            return NULL;
        if (i >= SPINS)
            sched_yield();
    }
    return block;
}

static inline void *take(const struct worker *worker, const struct replay_entry *entry)
{
    if (!entry->is_shared)
        return worker->table[entry->place];
    void *block = atomic_load_explicit(&shared[entry->place], memory_order_acquire);
    return block ? block : wait_for(&shared[entry->place]);
}

static inline bool put(struct worker *worker, const struct replay_entry *entry, void *block)
{
    if (!entry->is_shared)
        worker->table[entry->place] = block;
    else
        atomic_store_explicit(&shared[entry->place], block, memory_order_release);
    return block;
}

/* A byte at each step and the last, from a multiple of the step on. */
static inline void write_block(unsigned char *block, uint64_t bytes, uint64_t from, uint64_t mark)
{
    if (!block || bytes == 0)
        return;
    for (uint64_t i = from; i < bytes; i += step)
        block[i] = (unsigned char)(mark + (i >> 12));
    block[bytes - 1] = (unsigned char)(mark >> 8);
    workload_use(block);
}

static inline void read_block(struct worker *worker, const unsigned char *block, uint64_t bytes)
{
    if (block && bytes)
        worker->checksum = worker->checksum * 31 + workload_sum(block, bytes, step);
}

static inline bool get(struct worker *worker, const struct replay_entry *entry, void *block)
{
    write_block(block, replay_bytes(entry->size), 0, entry->size + entry->place);
    return put(worker, entry, block);
}

static bool move(struct worker *worker, const struct replay_entry *to)
{
    const struct replay_entry *from = to + 1;
    uint64_t before = replay_bytes(from->size), bytes = replay_bytes(to->size);
    uint64_t kept = before < bytes ? before : bytes;
    void *block = realloc(take(worker, from), bytes);
    if (block && kept)
        worker->checksum += *(unsigned char *)block;
    /* What lies before was written and has moved along. */
    write_block(block, bytes, (kept + step - 1) / step * step, to->size + to->place);
    return put(worker, to, block);
}

static void *work(void *argument);

static bool start(struct worker *worker)
{
    bool done = pthread_create(&worker->thread, NULL, work, worker) == 0;
    atomic_store(&worker->has_started, done);
    return done;
}

/* The thread that starts it may be behind this one. */
static bool join(struct worker *worker)
{
    while (!atomic_load(&worker->has_started)) {
        if (atomic_load(&failed))
            return false;
        sched_yield();
    }
    return pthread_join(worker->thread, NULL) == 0;
}

static bool perform(struct worker *worker, const struct replay_entry *entry)
{
    uint64_t bytes = replay_bytes(entry->size);
    void *block;
    switch (entry->kind) {
    case REPLAY_MALLOC:
        return get(worker, entry, malloc(bytes));
    case REPLAY_CALLOC:
        block = calloc(1, bytes);
        read_block(worker, block, bytes);
        return get(worker, entry, block);
    case REPLAY_ALIGNED:
        return get(worker, entry, memalign(entry[1].size, bytes));
    case REPLAY_REALLOC_NULL:
        return get(worker, entry, realloc(NULL, bytes));
    case REPLAY_REALLOC:
        return move(worker, entry);
    case REPLAY_FREE:
        block = take(worker, entry);
        read_block(worker, block, bytes);
        free(block);
        return true;
    case REPLAY_START:
        return start(&workers[entry->place]);
    case REPLAY_RELEASE:
        return sem_post(&workers[entry->place].released) == 0;
    default:
        return join(&workers[entry->place]);
    }
}

static size_t part_bytes(const struct replay_stream *stream)
{
    uint64_t count = stream->all < PART_ENTRIES ? stream->all : PART_ENTRIES;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (count * sizeof(struct replay_entry) + page - 1) / page * page;
}

static bool perform_part(struct worker *worker, uint64_t count)
{
    const struct replay_entry *end = worker->part + count;
    for (const struct replay_entry *entry = worker->part; entry < end; entry++) {
        if (!perform(worker, entry))
            return false;
        entry += replay_has_next(entry);
    }
    return true;
}

static bool read_part(struct worker *worker, uint64_t from, uint64_t count)
{
    size_t bytes = count * sizeof *worker->part;
    off_t start = worker->stream->start + (off_t)(from * sizeof *worker->part);
    return pread(plan.file, worker->part, bytes, start) == (ssize_t)bytes;
}

static bool perform_all(struct worker *worker, uint64_t from, uint64_t to)
{
    bool done = true;
    while (done && from < to) {
        uint64_t count = to - from < PART_ENTRIES ? to - from : PART_ENTRIES;
        done = read_part(worker, from, count);
        if (done && replay_has_next(&worker->part[count - 1]))
            count--; /* together with the entry behind it */
        done = done && perform_part(worker, count);
        from += count;
    }
    madvise(worker->part, part_bytes(worker->stream), MADV_DONTNEED);
    if (!done)
        atomic_store(&failed, true);
    return done;
}

static void wait_for_release(struct worker *worker)
{
    while (sem_wait(&worker->released) != 0)
        continue;
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    if (perform_all(worker, 0, worker->stream->timed) &&
        (worker->stream->is_released || !worker->stream->ends_early))
        wait_for_release(worker);
    return NULL;
}

/* Threads that did not end before the program end with it. */
static bool end_threads(void)
{
    for (uint64_t i = 1; i < plan.threads; i++) {
        if (!workers[i].stream->ends_early)
            sem_post(&workers[i].released);
    }
    for (uint64_t i = 1; i < plan.threads; i++) {
        if (!workers[i].stream->is_joined && !join(&workers[i]))
            return false;
    }
    return !atomic_load(&failed);
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    madvise(shared, shared_bytes, MADV_DONTNEED); /* zeroes again */
    for (uint64_t i = 0; i < plan.threads; i++) {
        workers[i].checksum = 0;
        workers[i].has_started = false;
        sem_init(&workers[i].released, 0, 0);
    }
    double begun = workload_seconds();
    if (!perform_all(workers, 0, workers->stream->timed) || !end_threads())
        return false;
    result->seconds = workload_seconds() - begun;
    result->operations = plan.operations;
    for (uint64_t i = 0; i < plan.threads; i++) {
        if (!perform_all(&workers[i], workers[i].stream->timed, workers[i].stream->all))
            return false;
        result->checksum = result->checksum * 31 + workers[i].checksum;
    }
    return true;
}

/* Tables of different threads stand on different cache lines, parts on different pages. */
static bool map_tables(void)
{
    size_t bytes = 0, parts = 0;
    for (uint64_t i = 0; i < plan.threads; i++) {
        bytes += ((size_t)plan.streams[i].places * sizeof(void *) + 127) / 128 * 128;
        parts += part_bytes(&plan.streams[i]);
    }
    char *table = workload_map(bytes + 128), *part = workload_map(parts);
    workers = workload_map(plan.threads * sizeof *workers);
    shared_bytes = ((size_t)plan.shared + 1) * sizeof *shared;
    shared = workload_map(shared_bytes);
    if (!table || !part || !workers || !shared)
        return false;
    for (uint64_t i = 0; i < plan.threads; i++) {
        workers[i].stream = &plan.streams[i];
        workers[i].table = (void **)(void *)table;
        workers[i].part = (struct replay_entry *)(void *)part;
        part += part_bytes(&plan.streams[i]);
        table += ((size_t)plan.streams[i].places * sizeof(void *) + 127) / 128 * 128;
    }
    return true;
}

/* The plan took more memory in the making than it has kept: that is no figure of the allocator's.
 */
static void forget_highest_rss(void)
{
    int file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    ssize_t written = file < 0 ? -1 : write(file, "5", 1);
    (void)written; /* where it can't be done the figure includes the making */
    if (file >= 0)
        close(file);
}

static bool prepare(const char *path, const uint64_t *numbers)
{
    char why[256];
    step = numbers[TOUCH];
    if (!replay_plan_make(&plan, path, why, sizeof why)) {
        fprintf(stderr, "replay: %s: %s\n", path, why);
        return false;
    }
    if (!map_tables()) {
        fprintf(stderr, "replay: %s: memory ran out\n", path);
        return false;
    }
    forget_highest_rss();
    return true;
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "replay",
        .summary = "The operations of a program, from a trace of `hakmem-trace record`, again.",
        .option_count = OPTIONS,
        .options = {[TOUCH] = {"touch", "bytes from one written byte to the next in a block", 1,
                               1ull << 30, 4096}},
        .text = "TRACE",
        .text_help = "the trace's file",
        .prepare = prepare,
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
