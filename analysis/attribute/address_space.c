/* SPDX-License-Identifier: MIT */
#include "address_space.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "growing.h"

struct address_space {
    struct mapping *items; /* in order of address, none overlaps another */
    size_t count;
    size_t capacity;
    size_t found_last; /* samples come in runs from the same mapping */
    unsigned users;    /* processes that have it */
};

struct process {
    struct process *next; /* in the same bucket */
    pid_t pid;
    struct address_space *space; /* NULL: nothing is mapped */
};

static struct process **bucket_of(struct address_spaces *spaces, pid_t pid)
{
    return &spaces->buckets[(unsigned)pid % ADDRESS_SPACE_BUCKETS];
}

static struct process *find_process(struct address_spaces *spaces, pid_t pid)
{
    struct process *process = *bucket_of(spaces, pid);
    while (process && process->pid != pid)
        process = process->next;
    return process;
}

static struct process *find_or_add_process(struct address_spaces *spaces, pid_t pid)
{
    struct process *process = find_process(spaces, pid);
    if (process || !(process = calloc(1, sizeof *process)))
        return process;
    process->pid = pid;
    process->next = *bucket_of(spaces, pid);
    *bucket_of(spaces, pid) = process;
    return process;
}

static void leave_space(struct process *process)
{
    struct address_space *space = process->space;
    process->space = NULL;
    if (!space || --space->users)
        return;
    free(space->items);
    free(space);
}

void address_spaces_finish(struct address_spaces *spaces)
{
    for (size_t i = 0; i < ADDRESS_SPACE_BUCKETS; i++) {
        for (struct process *process = spaces->buckets[i], *next; process; process = next) {
            next = process->next;
            leave_space(process);
            free(process);
        }
    }
    memset(spaces, 0, sizeof *spaces);
}

/* Gives the process an address space that no other process shares. */
static struct address_space *own_space(struct process *process)
{
    struct address_space *shared = process->space;
    if (shared && shared->users == 1)
        return shared;
    struct address_space *own = calloc(1, sizeof *own);
    if (!own)
        return NULL;
    own->users = 1;
    if (shared && shared->count) {
        own->items = calloc(shared->count, sizeof *own->items);
        if (!own->items) {
            free(own);
            return NULL;
        }
        memcpy(own->items, shared->items, shared->count * sizeof *own->items);
        own->count = own->capacity = shared->count;
    }
    leave_space(process);
    process->space = own;
    return own;
}

/* Index of the first mapping that ends after `address`. */
static size_t first_after(const struct address_space *space, uint64_t address)
{
    size_t low = 0, high = space->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (space->items[middle].end <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool insert(struct address_space *space, size_t at, const struct mapping *mapping)
{
    if (!growing_reserve(&space->items, &space->capacity, space->count, sizeof *space->items))
        return false;
    memmove(&space->items[at + 1], &space->items[at], (space->count - at) * sizeof *space->items);
    space->items[at] = *mapping;
    space->count++;
    return true;
}

/* Makes room for start..end: drops what lies inside it, trims what reaches into it. */
static bool clear_range(struct address_space *space, uint64_t start, uint64_t end)
{
    size_t at = first_after(space, start);
    if (at < space->count && space->items[at].start < start) {
        struct mapping rest = space->items[at];
        if (rest.end > end) {
            rest.offset += end - rest.start;
            rest.start = end;
            if (!insert(space, at + 1, &rest))
                return false;
        }
        space->items[at++].end = start;
    }
    size_t last = at;
    while (last < space->count && space->items[last].end <= end)
        last++;
    if (last < space->count && space->items[last].start < end) {
        space->items[last].offset += end - space->items[last].start;
        space->items[last].start = end;
    }
    if (last > at) {
        memmove(&space->items[at], &space->items[last],
                (space->count - last) * sizeof *space->items);
        space->count -= last - at;
    }
    return true;
}

int address_spaces_map(struct address_spaces *spaces, pid_t pid, const struct mapping *mapping)
{
    struct process *process = find_or_add_process(spaces, pid);
    struct address_space *space = process ? own_space(process) : NULL;
    if (!space || !clear_range(space, mapping->start, mapping->end) ||
        !insert(space, first_after(space, mapping->start), mapping)) {
        errno = ENOMEM;
        return -1;
    }
    return 0;
}

void address_spaces_fork(struct address_spaces *spaces, pid_t parent, pid_t child)
{
    if (parent == child)
        return; /* a thread */
    const struct process *from = find_process(spaces, parent);
    struct address_space *space = from ? from->space : NULL;
    struct process *to = space ? find_or_add_process(spaces, child) : find_process(spaces, child);
    if (!to)
        return;
    if (space)
        space->users++;
    leave_space(to);
    to->space = space;
}

void address_spaces_clear(struct address_spaces *spaces, pid_t pid)
{
    struct process *process = find_process(spaces, pid);
    if (process)
        leave_space(process);
}

const struct mapping *address_spaces_find(struct address_spaces *spaces, pid_t pid,
                                          uint64_t address)
{
    const struct process *process = find_process(spaces, pid);
    struct address_space *space = process ? process->space : NULL;
    if (!space || !space->count)
        return NULL;
    size_t at = space->found_last;
    if (at >= space->count || address < space->items[at].start || address >= space->items[at].end) {
        at = first_after(space, address);
        if (at >= space->count || address < space->items[at].start)
            return NULL;
        space->found_last = at;
    }
    return &space->items[at];
}
