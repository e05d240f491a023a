/* SPDX-License-Identifier: MIT */
#include "module.h"

#include <errno.h>
#include <gelf.h>
#include <stdlib.h>

#include "debug_file.h"
#include "description.h"
#include "growing.h"
#include "source_note.h"

struct module *module_create(const char *path, bool is_allocator, int descriptor)
{
    struct module *module = calloc(1, sizeof *module);
    if (!module)
        return NULL;
    module->path = path;
    module->is_allocator = is_allocator;
    module->descriptor = descriptor;
    return module;
}

void module_destroy(struct module *module)
{
    if (!module)
        return;
    free(module->segments);
    symbols_finish(&module->symbols);
    debug_table_finish(&module->debug);
    free(module);
}

static bool read_segments(struct module *module, Elf *elf)
{
    size_t count, capacity = 0;
    if (elf_getphdrnum(elf, &count) != 0)
        return true;
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr header;
        if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_LOAD ||
            !(header.p_flags & PF_X))
            continue;
        if (!growing_reserve(&module->segments, &capacity, module->segment_count,
                             sizeof *module->segments))
            return false;
        module->segments[module->segment_count++] =
            (struct segment){header.p_offset, header.p_filesz, header.p_vaddr};
    }
    return true;
}

static int open_file(const struct module *module, struct elf_file *file)
{
    return module->descriptor >= 0 ? elf_file_open_again(file, module->descriptor)
                                   : elf_file_open(file, module->path);
}

/* Those of a separate file, too: they may choose the lens, by which everything else is read. */
static void read_symbols(struct module *module, const struct elf_file *file,
                         struct name_pool *names)
{
    struct elf_file separate;
    symbols_add(&module->symbols, file->elf, names);
    if ((module->is_allocator || lens_knows_file(module->path)) &&
        debug_file_open(&separate, file, module->path) == 0) {
        symbols_add(&module->symbols, separate.elf, names);
        elf_file_close(&separate);
    }
    symbols_sort(&module->symbols);
    module->lens = lens_choose(module->path, &module->symbols, module->is_allocator);
}

/* In order of how much each tells. */
static void read_debug(struct module *module, const struct elf_file *file, struct name_pool *names)
{
    struct elf_file separate;
    debug_table_read(&module->debug, file->elf, module->lens, names);
    if (!module->debug.flat.count && debug_file_open(&separate, file, module->path) == 0) {
        debug_table_read(&module->debug, separate.elf, module->lens, names);
        elf_file_close(&separate);
    }
    if (!module->debug.flat.count)
        source_note_read(&module->debug, file->elf, module->lens.lens, names);
}

static int read_file(struct module *module, struct name_pool *names)
{
    struct elf_file file;
    if (open_file(module, &file) != 0)
        return errno;
    read_segments(module, file.elf);
    read_symbols(module, &file, names);
    if (module->is_allocator)
        read_debug(module, &file, names);
    elf_file_close(&file);
    return 0;
}

/* Of another allocator than the one that is asked about: libc is in every program, and seldom does
 * its malloc run. */
static void read_debug_late(struct module *module, struct name_pool *names)
{
    struct elf_file file;
    if (module->is_allocator || module->has_read_debug)
        return;
    module->has_read_debug = true;
    if (open_file(module, &file) != 0)
        return;
    read_debug(module, &file, names);
    elf_file_close(&file);
}

int module_read(struct module *module, struct name_pool *names)
{
    if (!module->is_read)
        module->error = read_file(module, names);
    module->is_read = true;
    errno = module->error;
    return module->error ? -1 : 0;
}

/* Where no segment covers the offset, the place is as wide as the hole. */
static const struct segment *segment_of(const struct module *module, struct module_place *place,
                                        uint64_t offset)
{
    for (size_t i = 0; i < module->segment_count; i++) {
        const struct segment *segment = &module->segments[i];
        uint64_t end = segment->offset + segment->bytes;
        if (end < segment->offset)
            continue;
        if (offset >= segment->offset && offset < end) {
            place->low = segment->offset;
            place->high = end;
            return segment;
        }
        if (offset >= end && end > place->low)
            place->low = end;
        if (offset < segment->offset && segment->offset < place->high)
            place->high = segment->offset;
    }
    return NULL;
}

/* Narrows the place, which lies in the segment, to low <= address < high. */
static void narrow(struct module_place *place, const struct segment *segment, uint64_t low,
                   uint64_t high)
{
    uint64_t start = segment->address + (place->low - segment->offset);
    uint64_t end = segment->address + (place->high - segment->offset);
    if (low > start)
        place->low += low - start;
    if (high < end)
        place->high -= end - high;
}

static bool is_allocators(const struct module *module, const char *symbol)
{
    const struct lens_choice *lens = &module->lens;
    const struct lens_scope scope = {.function = symbol};
    return module->is_allocator ||
           (lens->lens && !lens->is_untold && (!lens->is_part || lens_is_code(lens->lens, &scope)));
}

void module_find(struct module *module, uint64_t offset, struct module_place *place,
                 struct name_pool *names)
{
    uint64_t low, high;
    *place = (struct module_place){.high = UINT64_MAX};
    const struct segment *segment = segment_of(module, place, offset);
    place->attribution = (struct attribution){.source = "application"};
    if (module->is_allocator)
        place->attribution = describe_symbol(&module->lens, NULL);
    if (!segment)
        return;

    uint64_t address = segment->address + (offset - segment->offset);
    size_t symbol = symbols_find(&module->symbols, address, &low, &high);
    narrow(place, segment, low, high);
    place->symbol = symbol == SIZE_MAX ? NULL : module->symbols.items[symbol].name;
    if (is_allocators(module, place->symbol)) {
        read_debug_late(module, names);
        place->attribution = describe_symbol(&module->lens, place->symbol);
        const struct attribution *found = debug_table_find(&module->debug, address, &low, &high);
        narrow(place, segment, low, high);
        if (found)
            place->attribution = *found;
    }
    if (!place->attribution.function)
        place->attribution.function = place->symbol;
    if (offset < place->low || offset >= place->high) { /* addresses that wrap around */
        place->low = offset;
        place->high = offset + 1;
    }
}

static const struct segment *segment_at(const struct module *module, uint64_t address)
{
    for (size_t i = 0; i < module->segment_count; i++) {
        const struct segment *segment = &module->segments[i];
        if (address >= segment->address && address - segment->address < segment->bytes)
            return segment;
    }
    return NULL;
}

/* A symbol without a size reaches to the next one; none reaches beyond its segment. */
void module_function(const struct module *module, size_t at, struct attributed_function *function)
{
    const struct symbol *symbol = &module->symbols.items[at];
    const struct segment *segment = segment_at(module, symbol->address);
    *function = (struct attributed_function){.name = symbol->name, .address = symbol->address};
    if (!segment)
        return;
    uint64_t into = symbol->address - segment->address, most = segment->bytes - into;
    uint64_t bytes = symbol->bytes;
    if (bytes == 0 && at + 1 < module->symbols.count)
        bytes = symbol[1].address - symbol->address;
    function->offset = segment->offset + into;
    function->bytes = bytes && bytes < most ? bytes : most;
}
