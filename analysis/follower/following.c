/* SPDX-License-Identifier: MIT */
/*
 * What the recorder's functions tell, as samples: some of the calls, and the ends of their blocks.
 *
 * One mapping holds what belongs to this process alone. The kernel empties it in a child of fork,
 * which thereby starts a file of its own. Nothing here takes a lock, so a fork or a signal at any
 * moment leaves none taken.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "followed_blocks.h"
#include "own_stack.h"
#include "recorder/next.h"
#include "recorder/own_files.h"
#include "recorder/recording.h"
#include "sample_file.h"
#include "spacing.h"
#include "stepper/own_process.h"

/* FRESH is zero: what the kernel leaves in a child. */
enum state { FRESH, STARTING, LIVE, OFF };

struct following {
    uint32_t state; /* by atomic access alone, as what follows */
    uint32_t life;  /* tells a child's threads from its parent's; not by atomic access */
    uint32_t samples, at_this_mean;
    uint32_t doublings;
    uint64_t start, spent; /* ns: when it began, and all samples together */
    struct sample_file file;
    struct followed_blocks blocks;
};

static struct following *following;

/* Set at the first call of all and kept by children. */
static struct {
    bool is_done;
    uint32_t life;
    uint64_t mean;
    char folder[PATH_MAX - 64];
    size_t (*usable)(void *block); /* NULL: the allocator has no such function */
} setup;

static __thread struct {
    bool is_inside;
    uint32_t life, number;
    uint64_t random, allocations;
    int64_t left;  /* of the line, until the next point */
    uint64_t mean; /* that this was drawn with */
    struct {
        struct follow_sample *sample; /* of the block that realloc was given, or NULL */
        const void *block;
        uint64_t usable;
    } moving;
} thread __attribute__((tls_model("initial-exec")));

static bool read_variable(void)
{
    char value[PATH_MAX], *end;
    if (!own_variable(FOLLOW_VARIABLE, value, sizeof value))
        return false;
    setup.mean = strtoull(value, &end, 10);
    if (*end != ':' || end[1] != '/' || strlen(end + 1) >= sizeof setup.folder || setup.mean == 0 ||
        setup.mean > FOLLOW_MEAN_MAX)
        return false;
    strcpy(setup.folder, end + 1);
    return true;
}

static void set_up(void)
{
    setup.is_done = true;
    if (!read_variable())
        return;
    next_find("malloc_usable_size", &setup.usable);
    struct following *memory = own_memory(sizeof *memory, PROT_READ | PROT_WRITE);
    if (memory && madvise(memory, sizeof *memory, MADV_WIPEONFORK) == 0)
        following = memory;
}

static __attribute__((noinline)) bool start_if_fresh(void)
{
    int error = errno;
    uint32_t expected = FRESH;
    if (!setup.is_done)
        set_up();
    struct following *f = following;
    bool is_mine = f && __atomic_compare_exchange_n(&f->state, &expected, STARTING, false,
                                                    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
    if (is_mine) {
        bool starts = sample_file_start(&f->file, setup.folder);
        f->life = ++setup.life;
        f->start = sample_file_now();
        __atomic_store_n(&f->state, starts ? LIVE : OFF, __ATOMIC_RELEASE);
    }
    errno = error;
    return is_mine && __atomic_load_n(&f->state, __ATOMIC_RELAXED) == LIVE;
}

/* Points on a line have no memory: where the mean has changed, the rest is drawn anew. */
static void draw(void)
{
    uint32_t doublings = __atomic_load_n(&following->doublings, __ATOMIC_RELAXED);
    uint64_t most = FOLLOW_MEAN_MAX >> (doublings < 40 ? doublings : 40);
    thread.mean = setup.mean < most ? setup.mean << doublings : FOLLOW_MEAN_MAX;
    thread.left = spacing_draw(&thread.random, thread.mean);
}

static __attribute__((noinline)) void begin_thread(void)
{
    thread.life = following->life;
    thread.number = __atomic_fetch_add(&following->file.header->threads, 1, __ATOMIC_RELAXED);
    thread.random = (sample_file_now() ^ (uintptr_t)&thread << 20) | 1;
    thread.allocations = 0;
    draw();
}

bool recording_enter(void)
{
    if (thread.is_inside)
        return false;
    thread.is_inside = true; /* whatever starting calls is not the program's */
    struct following *f = following;
    if ((f && __atomic_load_n(&f->state, __ATOMIC_ACQUIRE) == LIVE) || start_if_fresh()) {
        if (thread.life != following->life)
            begin_thread();
        return true;
    }
    thread.is_inside = false;
    return false;
}

void recording_leave(void)
{
    thread.is_inside = false;
}

static enum follow_call call_of(enum raw_kind kind)
{
    switch (kind) {
    case RAW_CALLOC:
        return FOLLOW_CALLOC;
    case RAW_ALIGNED:
        return FOLLOW_ALIGNED;
    case RAW_REALLOC_END:
        return FOLLOW_REALLOC;
    default:
        return FOLLOW_MALLOC;
    }
}

/* Whether a class ends just below the size. Sampled calls alone try it, and of these only those
 * whose blocks are a sixteenth larger than they need be; nothing but a block of the next class less
 * in some cache for a moment comes of it. */
static uint64_t try_less(size_t bytes, uint64_t usable)
{
    enum { LEAST = 64, MOST = 65536 };
    if (bytes < LEAST || bytes > MOST || usable < bytes + bytes / 16)
        return 0;
    void *less = next_functions()->malloc(follow_less(bytes));
    uint64_t below = less ? setup.usable(less) : 0;
    next_functions()->free(less);
    return below;
}

static void count_sample(struct following *f, uint64_t began, uint64_t now)
{
    uint64_t spent = __atomic_add_fetch(&f->spent, now - began, __ATOMIC_RELAXED);
    uint32_t here = __atomic_add_fetch(&f->at_this_mean, 1, __ATOMIC_RELAXED);
    bool is_dear = here % FOLLOW_SAMPLES_A_LOOK == 0 && spent > (now - f->start) / FOLLOW_COST_PART;
    if (is_dear || here == FOLLOW_SAMPLES_A_MEAN) {
        __atomic_store_n(&f->at_this_mean, 0, __ATOMIC_RELAXED);
        __atomic_add_fetch(&f->doublings, 1, __ATOMIC_RELAXED);
    }
    if (__atomic_add_fetch(&f->samples, 1, __ATOMIC_RELAXED) >= FOLLOW_SAMPLES_MAX)
        sample_file_stop(&f->file, FOLLOW_FULL);
}

static __attribute__((noinline)) void take_sample(enum raw_kind kind, void *block, size_t bytes)
{
    struct sample_file *file = &following->file;
    uint64_t began = sample_file_now();
    sample_file_maps(file, began);
    struct follow_sample *sample =
        (void *)sample_file_reserve(file, sizeof *sample + FOLLOW_STACK_BYTES);
    if (!sample)
        return;
    sample->mean = thread.mean;
    sample->size = bytes;
    sample->usable = setup.usable ? setup.usable(block) : 0;
    sample->below = kind == RAW_ALIGNED ? 0 : try_less(bytes, sample->usable);
    sample->before = kind == RAW_REALLOC_END ? thread.moving.usable : 0;
    sample->end_allocations = thread.allocations; /* until its end is written */
    sample->thread = thread.number;
    sample->call = call_of(kind);
    sample->stack_bytes = own_stack_take(sample->registers, sample->stack, FOLLOW_STACK_BYTES);
    sample_file_trim(file, &sample->record, sizeof *sample + sample->stack_bytes);
    followed_blocks_add(&following->blocks, block, sample);
    sample->time = sample_file_now(); /* the block's life begins when we are done */
    __atomic_store_n(&sample->record.kind, (uint32_t)FOLLOW_SAMPLE, __ATOMIC_RELEASE);
    count_sample(following, began, sample->time);
}

static void count(enum raw_kind kind, const void *block, size_t bytes)
{
    thread.allocations++;
    bytes = bytes < INT64_MAX / 2 ? bytes : INT64_MAX / 2;
    thread.left -= (int64_t)bytes + FOLLOW_CALL_BYTES;
    if (__builtin_expect(thread.left >= 0, 1))
        return;
    int error = errno;
    if (!sample_file_has_stopped(&following->file))
        take_sample(kind, (void *)(uintptr_t)block, bytes);
    draw();
    errno = error;
}

static void end_block(struct follow_sample *sample, enum follow_end end, uint64_t size)
{
    sample->end_time = sample_file_now();
    sample->end_size = size;
    sample->end_thread = thread.number;
    sample->end_allocations =
        sample->thread == thread.number ? thread.allocations - sample->end_allocations : 0;
    __atomic_store_n(&sample->end, (uint32_t)end, __ATOMIC_RELEASE);
}

static void end_free(const void *block)
{
    struct follow_sample *sample = followed_blocks_take(&following->blocks, block);
    if (sample)
        end_block(sample, FOLLOW_FREED, 0);
}

/* Before the block is given up: after it, another thread may have got its address. */
static void start_realloc(const void *block)
{
    thread.moving.sample = followed_blocks_take(&following->blocks, block);
    thread.moving.block = block;
    thread.moving.usable = setup.usable ? setup.usable((void *)(uintptr_t)block) : 0;
}

static void end_realloc(const void *moved, size_t bytes)
{
    struct follow_sample *sample = thread.moving.sample;
    if (moved)
        count(RAW_REALLOC_END, moved, bytes);
    if (sample && !moved && bytes) /* refused: the block is as it was */
        followed_blocks_add(&following->blocks, thread.moving.block, sample);
    else if (sample)
        end_block(sample, moved ? FOLLOW_REALLOCATED : FOLLOW_FREED, bytes);
    memset(&thread.moving, 0, sizeof thread.moving);
}

void recording_add(enum raw_kind kind, const void *block, size_t bytes, size_t alignment)
{
    (void)alignment;
    if (kind == RAW_FREE)
        end_free(block);
    else if (kind == RAW_REALLOC_START)
        start_realloc(block);
    else if (kind == RAW_REALLOC_END)
        end_realloc(block, bytes);
    else
        count(kind, block, bytes);
}

/* What was loaded since the last sample. */
__attribute__((destructor)) static void tell_last_maps(void)
{
    bool is_live = following && __atomic_load_n(&following->state, __ATOMIC_ACQUIRE) == LIVE;
    if (is_live && recording_enter()) {
        following->file.maps_due = 0;
        sample_file_maps(&following->file, sample_file_now());
        recording_leave();
    }
}
