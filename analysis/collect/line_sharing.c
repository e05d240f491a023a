/* SPDX-License-Identifier: MIT */
#include "line_sharing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live_blocks.h"

/* Blocks whose edges meet in one line: no allocator's are closer than 8 bytes. */
enum { GUESTS = LINE_BYTES / 8 + 1, FIRST_LINES = 4096 };

struct line {
    uint64_t number;         /* address by LINE_BYTES; 0: the place is empty */
    uint32_t guests[GUESTS]; /* their threads */
    uint32_t count;
};

struct work {
    struct line *lines;        /* open addressing; a power of two, at most half of them taken */
    size_t capacity, used;     /* used: also by lines in which nothing lives any more */
    struct live_blocks blocks; /* `object` is the thread that was given it */
    struct live_block *moving; /* of each thread, between the two records of a realloc */
    struct line_sharing *sharing;
};

static struct line *find(const struct work *work, uint64_t number)
{
    size_t mask = work->capacity - 1;
    size_t place = (size_t)(number * 0x9e3779b97f4a7c15 >> 20) & mask;
    while (work->lines[place].number && work->lines[place].number != number)
        place = (place + 1) & mask;
    return &work->lines[place];
}

/* Lines in which nothing lives are dropped on the way. */
static bool grow(struct work *work)
{
    size_t live = 0;
    for (size_t i = 0; i < work->capacity; i++)
        live += work->lines[i].count != 0;
    struct work larger = {.capacity = work->capacity ? work->capacity : FIRST_LINES};
    if (4 * live >= larger.capacity)
        larger.capacity *= 2;
    larger.lines = calloc(larger.capacity, sizeof *larger.lines);
    if (!larger.lines)
        return false;
    for (size_t i = 0; i < work->capacity; i++) {
        if (work->lines[i].count)
            *find(&larger, work->lines[i].number) = work->lines[i];
    }
    free(work->lines);
    work->lines = larger.lines;
    work->capacity = larger.capacity;
    work->used = live;
    return true;
}

/* `is_shared` is set where another thread's block lives there. False: memory is out. */
static bool enter_line(struct work *work, uint64_t number, uint32_t thread, bool *is_shared)
{
    if (2 * work->used >= work->capacity && !grow(work))
        return false;
    struct line *line = find(work, number);
    work->used += line->number == 0;
    line->number = number;
    for (uint32_t i = 0; i < line->count; i++)
        *is_shared |= line->guests[i] != thread;
    if (line->count < GUESTS)
        line->guests[line->count++] = thread;
    return true;
}

static void leave_line(struct work *work, uint64_t number, uint32_t thread)
{
    struct line *line = find(work, number);
    for (uint32_t i = 0; i < line->count; i++) {
        if (line->guests[i] == thread) {
            line->guests[i] = line->guests[--line->count];
            return;
        }
    }
}

static uint64_t last_line(const struct live_block *block)
{
    return (block->address + (block->bytes ? block->bytes - 1 : 0)) / LINE_BYTES;
}

static void leave(struct work *work, const struct live_block *block)
{
    uint64_t first = block->address / LINE_BYTES, last = last_line(block);
    leave_line(work, first, block->object);
    if (last != first)
        leave_line(work, last, block->object);
}

static bool enter(struct work *work, const struct live_block *block, bool is_new)
{
    uint64_t first = block->address / LINE_BYTES, last = last_line(block);
    struct live_block unseen; /* its end was not seen */
    bool is_shared = false;
    if (live_blocks_take(&work->blocks, block->address, &unseen))
        leave(work, &unseen);
    if (!live_blocks_add(&work->blocks, block) ||
        !enter_line(work, first, block->object, &is_shared) ||
        (last != first && !enter_line(work, last, block->object, &is_shared)))
        return false;
    work->sharing->blocks += is_new;
    work->sharing->shared += is_new && is_shared;
    return true;
}

static bool take(struct work *work, const struct raw_record *record)
{
    struct live_block block = {record->address, record->bytes, record->thread};
    struct live_block *moving = &work->moving[record->thread], kept = *moving;
    switch (record->kind) {
    case RAW_MALLOC:
    case RAW_CALLOC:
    case RAW_ALIGNED:
        return enter(work, &block, true);
    case RAW_FREE:
        if (live_blocks_take(&work->blocks, record->address, &block))
            leave(work, &block);
        return true;
    case RAW_REALLOC_START:
        moving->address = 0;
        if (live_blocks_take(&work->blocks, record->address, moving))
            leave(work, moving);
        return true;
    case RAW_REALLOC_END:
        moving->address = 0;
        if (record->address)
            return enter(work, &block, true);
        /* A refused one leaves the block as it was, one to nothing frees it. */
        return !kept.address || record->bytes == 0 || enter(work, &kept, false);
    default:
        return true;
    }
}

bool line_sharing_count(struct raw_trace *trace, struct line_sharing *sharing, char *why,
                        size_t why_bytes)
{
    struct work work = {.sharing = sharing};
    struct raw_record record;
    int got = -1;
    *sharing = (struct line_sharing){0};
    work.moving = calloc(trace->header.threads + 1, sizeof *work.moving);
    bool done = work.moving && grow(&work);
    while (done && (got = raw_trace_next(trace, &record, why, why_bytes)) > 0)
        done = take(&work, &record);
    if (!done)
        snprintf(why, why_bytes, "%s", strerror(ENOMEM));
    live_blocks_finish(&work.blocks);
    free(work.moving);
    free(work.lines);
    return done && got == 0;
}
