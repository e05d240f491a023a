/* SPDX-License-Identifier: MIT */
#include "mapped_file.h"

#include <stdlib.h>
#include <string.h>

#include "growing.h"

struct mapped_file *mapped_file_create(const char *path, bool is_allocator)
{
    struct mapped_file *file = calloc(1, sizeof *file);
    if (!file)
        return NULL;
    file->path = path;
    file->is_allocator = is_allocator;
    file->nameless.attribution = (struct attribution){
        .domain = is_allocator ? ATTRIBUTED_ALLOCATOR : ATTRIBUTED_APPLICATION,
        .source = is_allocator ? "allocator" : "application",
    };
    return file;
}

void mapped_file_destroy(struct mapped_file *file)
{
    if (!file)
        return;
    for (size_t i = 0; i < file->count; i++)
        free(file->items[i].answer);
    free(file->items);
    free(file);
}

static bool holds(const struct answered_range *range, uint64_t offset)
{
    return range->low <= offset && offset < range->high;
}

/* Index of the first range that ends behind `offset`. */
static size_t first_behind(const struct mapped_file *file, uint64_t offset)
{
    size_t low = 0, high = file->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (file->items[middle].high <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct code_answer *mapped_file_find(struct mapped_file *file, uint64_t offset)
{
    size_t at = file->found_last;
    if (at >= file->count || !holds(&file->items[at], offset))
        at = first_behind(file, offset);
    if (at >= file->count || !holds(&file->items[at], offset))
        return file->is_unreadable ? &file->nameless : NULL;
    file->found_last = at;
    return file->items[at].answer;
}

const struct code_answer *mapped_file_keep(struct mapped_file *file, uint64_t offset, uint64_t low,
                                           uint64_t high, const struct code_answer *answer)
{
    size_t at = first_behind(file, offset);
    if (at > 0 && file->items[at - 1].high > low)
        low = file->items[at - 1].high;
    if (at < file->count && file->items[at].low < high)
        high = file->items[at].low;
    struct code_answer *copy = malloc(sizeof *copy);
    if (!copy ||
        !growing_reserve(&file->items, &file->capacity, file->count, sizeof *file->items)) {
        free(copy);
        return &file->nameless;
    }
    *copy = *answer;
    memmove(&file->items[at + 1], &file->items[at], (file->count - at) * sizeof *file->items);
    file->items[at] = (struct answered_range){low, high, copy};
    file->count++;
    return copy;
}
