/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include <stdlib.h>

#include "counters.h"
#include "factors.h"
#include "hand_over.h"
#include "heap.h"
#include "lock.h"
#include "misuse.h"
#include "misuse_line.h"
#include "os.h"
#include "otel_memory.h"
#include "sample_file.h"
#include "sample_math.h"
#include "sample_stack.h"
#include "sample_table.h"
#include "tally.h"
#include "upkeep.h"

enum { OFTEN = 256, OFTEN_MS = 64 }; /* so many samples in less are more often than need be */

static struct {
    struct hak_lock lock;
    struct hak_heap *heap; /* of the sampled slabs; NULL: none yet */
    uint64_t interval;     /* that the environment asks for; 0: none. Read without the lock */
    uint32_t doublings;    /* of that, or of the usual one, since. Likewise */
    uint32_t since, count; /* hak_os_milliseconds when counting of samples began, and how many */
    uint64_t random;       /* for threads without a heap */
} samples;

uint64_t hak_sample_interval(void)
{
    uint64_t asked = __atomic_load_n(&samples.interval, __ATOMIC_RELAXED);
    uint64_t usual = hak_otel_is_attached() ? HAK_SAMPLE_INTERVAL : 0;
    return (asked != 0 ? asked : usual) << __atomic_load_n(&samples.doublings, __ATOMIC_RELAXED);
}

/* Plain decimal digits; 0: it is no such number. */
static uint64_t parse(const char *text)
{
    uint64_t number = 0;
    for (; *text >= '0' && *text <= '9' && number <= HAK_SAMPLE_INTERVAL_MAX; text++)
        number = 10 * number + (uint64_t)(*text - '0');
    return *text == '\0' && number <= HAK_SAMPLE_INTERVAL_MAX ? number : 0;
}

static void complain(const char *value)
{
    struct hak_line line = {.length = 0};
    hak_line_add(&line, "hakmem: HAKMEM_HEAP_SAMPLE=");
    hak_line_add(&line, value);
    hak_line_add(&line, ": no number of bytes from 1 to 2^40; nothing is sampled");
    line.text[line.length++] = '\n';
    hak_os_write_error(line.text, line.length);
}

void hak_sample_start(void)
{
    const char *wanted = secure_getenv("HAKMEM_HEAP_SAMPLE");
    const char *folder = secure_getenv("HAKMEM_HEAP_DIR");
    uint64_t interval = folder && *folder ? HAK_SAMPLE_INTERVAL : 0;
    if (wanted && *wanted && !(interval = parse(wanted)))
        complain(wanted);
    if (interval == 0)
        return;
    hak_lock(&samples.lock);
    if (folder && *folder)
        hak_sample_file_start(folder);
    hak_unlock(&samples.lock);
    __atomic_store_n(&samples.interval, interval, __ATOMIC_RELAXED);
    if (hak_thread.heap)
        hak_sample_follow(&hak_thread, hak_thread.heap, 0);
}

/* Mallocs of the class that come before the next sampled one. */
static uint64_t draw(struct hak_heap *heap, size_t size_class)
{
    if (heap->sample.interval == 0)
        return HAK_SAMPLE_NEVER;
    double bytes = hak_sample_spacing(&heap->sample.random, heap->sample.interval);
    return (uint64_t)(bytes / hak_class_bytes[size_class]);
}

static void change_interval(struct hak_heap *heap, uint64_t interval)
{
    heap->sample.interval = interval;
    if (interval == 0)
        return;
    if (heap->sample.random == 0) {
        hak_os_random(&heap->sample.random, sizeof heap->sample.random);
        heap->sample.random |= 1;
    }
    heap->sample.large_left = hak_sample_spacing(&heap->sample.random, interval);
}

void hak_sample_begin(struct hak_heap *heap)
{
    change_interval(heap, hak_sample_interval());
    for (size_t c = 0; c < HAK_CLASSES; c++)
        heap->tally[c].until_sample = draw(heap, c);
}

void hak_sample_follow(struct hak_thread *thread, struct hak_heap *heap, unsigned under_way)
{
    uint64_t interval = hak_sample_interval();
    if (HAK_LIKELY(interval == heap->sample.interval))
        return;
    change_interval(heap, interval);
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        uint32_t turn = thread->rest[c].turn;
        hak_tally(thread, heap, c);
        heap->tally[c].until_sample = draw(heap, c) + under_way;
        hak_tally_grant(thread, heap, c, turn);
    }
}

/* Of a thread without a heap, which counts nothing down. */
static bool is_due_at_once(size_t bytes)
{
    uint64_t interval = hak_sample_interval();
    if (interval == 0)
        return false;
    hak_lock(&samples.lock);
    if (samples.random == 0) {
        hak_os_random(&samples.random, sizeof samples.random);
        samples.random |= 1;
    }
    bool is_due = hak_sample_spacing(&samples.random, interval) < (double)bytes;
    hak_unlock(&samples.lock);
    return is_due;
}

/* The turn's last malloc was taken off already where it is 0. */
bool hak_sample_is_due(size_t size_class)
{
    const struct hak_heap *heap = hak_thread.heap;
    if (HAK_UNLIKELY(!heap))
        return is_due_at_once(hak_class_bytes[size_class]);
    uint32_t turn = hak_thread.rest[size_class].turn;
    return heap->tally[size_class].granted - (turn != 0 ? turn : 1) ==
           heap->tally[size_class].until_sample;
}

/* Bytes that the block stands for. */
static uint64_t weigh(const struct hak_sample *sample)
{
    double chance = hak_sample_chance((double)sample->length / (double)sample->interval);
    return (uint64_t)((double)sample->size / chance + 0.5);
}

/* Some thousand samples a second say what more would, and cost less. Not where somebody asked for
 * more than the usual. Under the lock. */
static bool is_too_often(uint64_t interval)
{
    if (++samples.count < OFTEN)
        return false;
    uint32_t now = hak_os_milliseconds(), passed = now - samples.since;
    samples.since = now;
    samples.count = 0;
    return passed < OFTEN_MS && interval >= HAK_SAMPLE_INTERVAL;
}

/* For those drawn from now on; `interval` is that of a sample, which may be older than the last
 * time. Under the lock. */
static void widen(uint64_t interval)
{
    if (interval == hak_sample_interval() && interval <= HAK_SAMPLE_INTERVAL_MAX / 2)
        __atomic_store_n(&samples.doublings, samples.doublings + 1, __ATOMIC_RELAXED);
}

/* Under the lock. False: it is lost. */
static bool note(const void *block, size_t bytes, size_t length, uint64_t interval)
{
    struct hak_sample *sample = block ? hak_sample_table_add(block) : NULL;
    if (!sample) {
        hak_sample_file_lose();
        return false;
    }
    sample->size = bytes;
    sample->length = length;
    sample->interval = interval;
    sample->born = hak_sample_file_time();
    sample->thread = hak_thread.heap ? hak_thread.heap->thread_id : hak_os_thread_id();
    sample->frame_count = (uint8_t)hak_sample_callers(sample->frames, HAK_SAMPLE_FRAMES);
    bool is_dear = hak_sample_file_write(sample);
    if (is_too_often(interval) || is_dear)
        widen(interval);
    return true;
}

/* Under the lock. */
static void forget(struct hak_sample *sample)
{
    hak_sample_file_end(sample);
    hak_otel_free((void *)(uintptr_t)sample->block);
    hak_sample_table_remove(sample);
}

/* The probe fires when nothing is locked: who traces the process may stop it there. */
static void tell(void *block, size_t bytes, size_t length, uint64_t interval)
{
    if (HAK_LIKELY(otel_memory_alloc_semaphore == 0))
        return;
    const struct hak_sample sample = {.size = bytes, .length = length, .interval = interval};
    hak_otel_alloc(block, bytes, weigh(&sample));
}

static void *take_block(size_t size_class, size_t bytes, uint64_t interval)
{
    void *block = NULL;
    size_t length = hak_class_bytes[size_class];
    hak_lock(&samples.lock);
    if (!samples.heap)
        samples.heap = hak_heap_make_apart(HAK_WORD_SAMPLED);
    if (samples.heap)
        hak_slab_take(samples.heap, size_class, &block, 1);
    if (!note(block, bytes, length, interval) && block) {
        hak_slab_give(samples.heap, block);
        block = NULL;
    }
    hak_unlock(&samples.lock);
    if (block) {
        hak_count_malloc(size_class);
        tell(block, bytes, length, interval);
    }
    return block;
}

HAK_NOINLINE void *hak_sample_take(size_t size_class, size_t bytes)
{
    struct hak_thread *thread = &hak_thread;
    struct hak_heap *heap = thread->heap;
    if (!heap) {
        uint64_t interval = hak_sample_interval(); /* the profiler may have gone meanwhile */
        return interval != 0 ? take_block(size_class, bytes, interval) : NULL;
    }
    hak_heap_enter(heap);
    if (thread->rest[size_class].turn == 0)
        thread->rest[size_class].turn = 1; /* the fast path took it and handed nothing out */
    hak_tally(thread, heap, size_class);
    void *block = take_block(size_class, bytes, heap->sample.interval);
    /* Where it can't be had, this malloc is one of those to come. */
    heap->tally[size_class].until_sample = draw(heap, size_class) + (block == NULL);
    hak_tally_grant(thread, heap, size_class, heap->turn + (block == NULL));
    hak_upkeep_tick(thread, heap);
    hak_heap_leave(heap);
    return block;
}

void hak_sample_give(void *block, uint64_t word, uint64_t mark)
{
    size_t size_class = word & 0xff;
    hak_lock(&samples.lock);
    struct hak_sample *sample = hak_sample_table_find(block);
    if (!sample) {
        hak_unlock(&samples.lock);
        hak_misuse_stop(HAK_MISUSE_DOUBLE_FREE, block);
    }
    forget(sample);
    hak_take_back(block, size_class, mark);
    hak_slab_give(samples.heap, block);
    hak_unlock(&samples.lock);
    hak_count_free(size_class);
}

static bool is_large_due(size_t length)
{
    struct hak_heap *heap = hak_thread.heap;
    if (!heap)
        return is_due_at_once(length);
    hak_sample_follow(&hak_thread, heap, 0);
    if (heap->sample.interval == 0)
        return false;
    heap->sample.large_left -= (double)length;
    if (heap->sample.large_left > 0)
        return false;
    heap->sample.large_left = hak_sample_spacing(&heap->sample.random, heap->sample.interval);
    return true;
}

bool hak_sample_large(void *block, size_t bytes, size_t length)
{
    if (HAK_LIKELY(!is_large_due(length)))
        return false;
    uint64_t interval = hak_thread.heap ? hak_thread.heap->sample.interval : hak_sample_interval();
    if (interval == 0)
        return false;
    hak_lock(&samples.lock);
    bool is_noted = note(block, bytes, length, interval);
    hak_unlock(&samples.lock);
    if (is_noted)
        tell(block, bytes, length, interval);
    return is_noted;
}

void hak_sample_end(void *block)
{
    if (hak_sample_table_count() == 0)
        return;
    hak_lock(&samples.lock);
    struct hak_sample *sample = hak_sample_table_find(block);
    if (sample)
        forget(sample);
    hak_unlock(&samples.lock);
}

void hak_sample_trim(void)
{
    hak_lock(&samples.lock);
    if (samples.heap)
        hak_slab_trim(samples.heap);
    hak_unlock(&samples.lock);
}

void hak_sample_lock_for_fork(void)
{
    hak_lock_for_fork(&samples.lock);
}

void hak_sample_unlock_after_fork(void)
{
    hak_unlock_after_fork(&samples.lock);
}

/* What the parent had sampled is the child's, too, to be freed; but in no file. */
void hak_sample_forked(struct hak_heap *heap)
{
    samples.random = 0;
    if (heap)
        heap->sample.random = 0;
    if (!hak_lock_is_for_fork(&samples.lock)) { /* as of hak_heap_forked */
        __atomic_store_n(&samples.interval, 0, __ATOMIC_RELAXED);
        return;
    }
    hak_sample_table_forget_records();
    hak_sample_file_forked();
    if (heap && heap->sample.interval != 0) { /* and else than the parent's from now on */
        heap->sample.interval = 0;
        hak_sample_follow(&hak_thread, heap, 0);
    }
}
