/* SPDX-License-Identifier: MIT */
#include "count_places.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES_FIRST = 4096, ENTRIES_MOST = 4 << 20 };

/* Where a file stands that no process has mapped, and whose that is: no process has that number. */
#define ANYWHERE UINT64_C(0x100000000)
#define NOBODY   INT32_MAX

static int by_start(const void *a, const void *b)
{
    const struct code_mapping *x = a, *y = b;
    return x->start < y->start ? -1 : x->start > y->start;
}

static bool add_mapping(struct count_places *places, const struct code_mapping *mapping)
{
    size_t count = places->mapping_count;
    if ((count & (count - 1)) == 0) {
        struct code_mapping *wider =
            reallocarray(places->mappings, count ? 2 * count : 1, sizeof *wider);
        if (!wider)
            return false;
        places->mappings = wider;
    }
    places->mappings[places->mapping_count++] = *mapping;
    return !places->attributor ||
           attributor_map(places->attributor, places->pid, mapping->start, mapping->length,
                          mapping->offset, mapping->path) == 0;
}

static bool start(struct count_places *places)
{
    places->has_debug_information =
        places->attributor && attributor_has_debug_information(places->attributor);
    places->reader = instruction_reader_create();
    places->reader_error = places->reader ? 0 : errno;
    if (!places->reader && errno != ENOSYS && errno != ENOENT)
        return false;
    places->entry_count = ENTRIES_FIRST;
    places->entries = calloc(places->entry_count, sizeof *places->entries);
    return places->entries;
}

bool count_places_start(struct count_places *places, struct step_file *file)
{
    struct code_mapping mapping;
    size_t at = 0;
    places->pid = file->header.pid;
    if (!start(places))
        return false;
    while (step_file_mapping(file, &at, &mapping)) {
        if (!add_mapping(places, &mapping))
            return false;
    }
    if (places->mapping_count)
        qsort(places->mappings, places->mapping_count, sizeof *places->mappings, by_start);
    return true;
}

bool count_places_start_file(struct count_places *places, const char *path, uint64_t bytes)
{
    const struct code_mapping mapping = {ANYWHERE, bytes, 0, path};
    places->pid = NOBODY;
    return start(places) && add_mapping(places, &mapping);
}

void count_places_finish(struct count_places *places)
{
    free(places->mappings);
    free(places->entries);
    instruction_reader_destroy(places->reader);
}

bool count_places_has_mapped(const struct count_places *places, const char *path)
{
    for (size_t i = 0; i < places->mapping_count; i++) {
        if (strcmp(places->mappings[i].path, path) == 0)
            return true;
    }
    return false;
}

bool count_places_address(const struct count_places *places, uint64_t offset, uint64_t *address)
{
    for (size_t i = 0; places->attributor && i < places->mapping_count; i++) {
        const struct code_mapping *mapping = &places->mappings[i];
        uint64_t first;
        if (attributor_locate(places->attributor, places->pid, mapping->start, &first) &&
            offset >= first && offset - first < mapping->length) {
            *address = mapping->start + (offset - first);
            return true;
        }
    }
    return false;
}

static const struct code_mapping *mapping_of(const struct count_places *places, uint64_t address)
{
    size_t low = 0, high = places->mapping_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (places->mappings[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    const struct code_mapping *mapping = low ? &places->mappings[low - 1] : NULL;
    return mapping && address - mapping->start < mapping->length ? mapping : NULL;
}

static const char *library_name(const struct code_mapping *mapping)
{
    if (!mapping || !mapping->path[0])
        return "elsewhere";
    const char *slash = strrchr(mapping->path, '/');
    return slash ? slash + 1 : mapping->path;
}

static bool is_header(const char *file)
{
    size_t length = strlen(file);
    return length > 2 && strcmp(file + length - 2, ".h") == 0;
}

/* The allocator's code is named by its files or steps, without lens and debug information by its
 * functions; other code by its library. */
static void name_source(const struct count_places *places, const struct code_mapping *mapping,
                        struct count_place *place)
{
    const struct attribution *found =
        places->attributor ? attributor_resolve(places->attributor, places->pid, place->address)
                           : NULL;
    place->group = COUNT_ELSEWHERE;
    place->name = library_name(mapping);
    if (!found || found->domain != ATTRIBUTED_ALLOCATOR || (found->other && !places->is_own))
        return;
    place->group = found->is_factor ? COUNT_FACTOR : COUNT_ALLOCATOR;
    place->step = found->step;
    place->is_aside = places->has_debug_information && (!found->file || is_header(found->file));
    if (found->file || found->step)
        place->name = found->source;
    else if (found->function && !places->has_debug_information)
        place->name = found->function;
}

static void read_effect(struct count_places *places, const struct code_mapping *mapping,
                        struct count_place *place)
{
    uint8_t bytes[INSTRUCTION_BYTES_MAX];
    if (!places->reader)
        return;
    size_t count = mapping && places->attributor
                       ? attributor_code(places->attributor, mapping->path,
                                         place->address - mapping->start + mapping->offset, bytes,
                                         sizeof bytes)
                       : 0;
    if (!count || !instruction_read(places->reader, bytes, count, &place->effect) ||
        !instruction_flow_read(places->reader, bytes, count, &place->flow))
        places->unread++;
}

static void describe(struct count_places *places, struct count_place *place, uint64_t address)
{
    const struct code_mapping *mapping = mapping_of(places, address);
    *place = (struct count_place){.address = address};
    place->is_steppers = mapping && strcmp(mapping->path, places->stepper) == 0;
    if (place->is_steppers)
        return;
    name_source(places, mapping, place);
    if (places->attributor)
        place->symbol = attributor_symbol(places->attributor, places->pid, address);
    read_effect(places, mapping, place);
}

static struct count_place *entry_of(struct count_place *entries, size_t count, uint64_t address)
{
    size_t at = (size_t)(address * 0x9e3779b97f4a7c15 >> 32) & (count - 1);
    while (entries[at].address && entries[at].address != address)
        at = (at + 1) & (count - 1);
    return &entries[at];
}

static bool widen(struct count_places *places)
{
    size_t wider = 2 * places->entry_count;
    if (wider > ENTRIES_MOST) {
        errno = E2BIG;
        return false;
    }
    struct count_place *entries = calloc(wider, sizeof *entries);
    if (!entries)
        return false;
    for (size_t i = 0; i < places->entry_count; i++) {
        if (places->entries[i].address)
            *entry_of(entries, wider, places->entries[i].address) = places->entries[i];
    }
    free(places->entries);
    places->entries = entries;
    places->entry_count = wider;
    return true;
}

const struct count_place *count_places_find(struct count_places *places, uint64_t address)
{
    static struct count_place nowhere = {.name = "elsewhere", .group = COUNT_ELSEWHERE};
    if (address == 0)
        return &nowhere;
    struct count_place *place = entry_of(places->entries, places->entry_count, address);
    if (place->address)
        return place;
    if (2 * places->used >= places->entry_count) {
        if (!widen(places))
            return NULL;
        place = entry_of(places->entries, places->entry_count, address);
    }
    places->used++;
    describe(places, place, address);
    return place;
}
