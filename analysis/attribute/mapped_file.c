/* SPDX-License-Identifier: MIT */
#include "mapped_file.h"

#include <stdlib.h>

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
    answered_ranges_finish(&file->code);
    answered_ranges_finish(&file->frames);
    free(file);
}

const struct code_answer *mapped_file_find(struct mapped_file *file, uint64_t offset)
{
    const struct answered_range *range = answered_ranges_find(&file->code, offset);
    if (range)
        return range->answer;
    return file->is_unreadable ? &file->nameless : NULL;
}

const struct code_answer *mapped_file_keep(struct mapped_file *file, uint64_t offset, uint64_t low,
                                           uint64_t high, const struct code_answer *answer)
{
    struct code_answer *copy = malloc(sizeof *copy);
    if (!copy)
        return &file->nameless;
    *copy = *answer;
    return answered_ranges_keep(&file->code, offset, low, high, copy) ? copy : &file->nameless;
}
