/* SPDX-License-Identifier: MIT */
#include "live_counters.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "clock.h"
#include "counter_note.h"
#include "process_memory.h"
#include "running_allocator.h"

/* Looking for the note takes a while where many libraries are mapped, so a process that has none is
 * looked at again less and less often. */
enum { IMAGES_MAX = 256, FINDS_A_TICK = 8, PATIENCE_MAX = 64 };

/* Readings take no more than this part of the time. */
#define TIME_SHARE 0.005

struct live_image {
    pid_t pid;
    uint64_t pointer; /* to its counters; 0: not found (yet) */
    bool is_read;     /* `now` and `before` hold something */
    bool from_start;  /* the whole of it was watched: `before` is nothing */
    unsigned patience, waited;
    struct counters_image now;
    struct hak_counter_page before;
};

static struct live_image *find(const struct live_counters *live, pid_t pid)
{
    for (size_t i = 0; i < live->count; i++) {
        if (live->images[i].pid == pid)
            return &live->images[i];
    }
    return NULL;
}

static struct live_image *add(struct live_counters *live, pid_t pid)
{
    if (find(live, pid) || live->count == IMAGES_MAX) {
        live->passed_over += live->count == IMAGES_MAX;
        return NULL;
    }
    if (live->count == live->capacity) {
        size_t capacity = 2 * live->capacity + 8;
        void *images = reallocarray(live->images, capacity, sizeof *live->images);
        if (!images)
            return NULL;
        live->images = images;
        live->capacity = capacity;
    }
    struct live_image *image = &live->images[live->count++];
    *image = (struct live_image){.pid = pid};
    return image;
}

/* Counters only grow. */
static bool has_begun_anew(const struct live_image *image, const struct counters_image *fresh)
{
    uint64_t then = 0, now = 0;
    for (size_t c = 0; image->is_read && c < HAK_COUNTER_CLASSES; c++) {
        then += image->now.sum.mallocs[c];
        now += fresh->sum.mallocs[c];
    }
    return now < then;
}

/* False: this image is no more, or never was. */
static bool read_image(struct live_counters *live, struct live_image *image)
{
    struct counters_image fresh;
    if (!counter_note_read(image->pid, image->pointer, &fresh)) {
        if (errno == EPERM || errno == EPROTO)
            live->error = errno;
        return false;
    }
    if (has_begun_anew(image, &fresh)) {
        errno = EFAULT;
        return false;
    }
    if (!image->is_read && !image->from_start)
        image->before = fresh.sum;
    image->now = fresh;
    image->is_read = true;
    return true;
}

/* The process goes on without it: with another program, or without the library. */
static void end_image(struct live_counters *live, struct live_image *image)
{
    if (image->is_read)
        counters_add_image(&live->counters, &image->now, image->from_start ? NULL : &image->before);
    *image = (struct live_image){.pid = image->pid, .from_start = true};
}

static void drop(struct live_counters *live, struct live_image *image)
{
    if (!image->is_read)
        live->passed_over++;
    process_memory_forget(image->pid);
    end_image(live, image);
    *image = live->images[--live->count];
}

void live_counters_add(struct live_counters *live, pid_t pid)
{
    process_usage_add(&live->usage, pid);
    struct live_image *image = add(live, pid);
    if (!image)
        return;
    image->pointer = running_allocator_counters(pid);
    if (image->pointer)
        read_image(live, image);
    image->from_start = !image->is_read; /* a library loaded later */
}

static void look_for(struct live_image *image, int *finds)
{
    if (*finds == 0 || image->waited++ < image->patience)
        return;
    --*finds;
    image->pointer = running_allocator_counters(image->pid);
    image->waited = 0;
    image->patience = image->patience < PATIENCE_MAX ? 2 * image->patience + 1 : PATIENCE_MAX;
}

/* False: the process is gone. */
static bool tick_image(struct live_counters *live, struct live_image *image, int *finds)
{
    if (!image->pointer)
        look_for(image, finds);
    if (image->pointer && !read_image(live, image)) {
        bool is_gone = errno == ESRCH;
        if (is_gone)
            return false;
        end_image(live, image);
    }
    return image->pointer || kill(image->pid, 0) == 0 || errno == EPERM;
}

static void read_all(struct live_counters *live)
{
    int finds = FINDS_A_TICK;
    for (size_t i = live->count; i-- > 0;) {
        if (!tick_image(live, &live->images[i], &finds))
            drop(live, &live->images[i]);
    }
}

void live_counters_tick(struct live_counters *live)
{
    process_usage_tick(&live->usage);
    double begin = clock_seconds();
    if (begin < live->not_before)
        return;
    read_all(live);
    double end = clock_seconds();
    live->not_before = end + (end - begin) * (1 / TIME_SHARE - 1);
}

static void each_process(void *context, void (*take)(void *taker, pid_t pid), void *taker)
{
    const struct live_counters *live = context;
    for (size_t i = 0; i < live->count; i++) {
        if (live->images[i].is_read)
            take(taker, live->images[i].pid);
    }
}

static bool read_process(void *context, pid_t pid, struct hak_counter_header *header,
                         struct hak_counter_page *sum)
{
    const struct live_image *image = find(context, pid);
    struct counters_image fresh;
    if (!image || !image->pointer || !counter_note_read(pid, image->pointer, &fresh))
        return false;
    *header = fresh.header;
    *sum = fresh.sum;
    return true;
}

static bool in_arena(void *context, pid_t pid, uint64_t address)
{
    const struct live_image *image = find(context, pid);
    if (!image)
        return false;
    const struct hak_counter_header *header = &image->now.header;
    return address >= header->arena_base && address - header->arena_base < header->arena_bytes;
}

/* A child begins as a copy: its counters stand where its parent's do, and hold what those held.
 * What it counts until it is read for the first time is missing. */
static void forked(void *context, pid_t parent, pid_t child)
{
    struct live_counters *live = context;
    process_usage_add_new(&live->usage, child);
    const struct live_image *of_parent = find(live, parent);
    if (!of_parent || !add(live, child))
        return;
    of_parent = find(live, parent); /* the list may have moved */
    struct live_image *image = find(live, child);
    image->pointer = of_parent->pointer;
    image->now.header = of_parent->now.header;
}

/* A reading may have noticed before the kernel's record of it came by. */
static void executed(void *context, pid_t pid)
{
    struct live_counters *live = context;
    struct live_image *image = find(live, pid);
    process_memory_forget(pid); /* that of the program before */
    if (image && image->pointer && !read_image(live, image))
        end_image(live, image);
}

struct counted live_counters_counted(struct live_counters *live)
{
    return (struct counted){live, each_process, read_process, in_arena, forked, executed};
}

void live_counters_each_arena(const struct live_counters *live,
                              void (*take)(void *, pid_t, uint64_t, uint64_t), void *context)
{
    for (size_t i = 0; i < live->count; i++) {
        const struct hak_counter_header *header = &live->images[i].now.header;
        if (live->images[i].is_read && header->arena_bytes)
            take(context, live->images[i].pid, header->arena_base,
                 header->arena_base + header->arena_bytes);
    }
}

void live_counters_finish(struct live_counters *live)
{
    process_usage_finish(&live->usage);
    read_all(live);
    for (size_t i = 0; i < live->count; i++)
        end_image(live, &live->images[i]);
    free(live->images);
    live->images = NULL;
    live->count = live->capacity = 0;
}
