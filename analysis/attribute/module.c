/* SPDX-License-Identifier: MIT */
#include "module.h"

#include <gelf.h>
#include <stdlib.h>

#include "debug_file.h"
#include "growing.h"
#include "source_note.h"

static const struct attribution nameless = {.domain = ATTRIBUTED_APPLICATION,
                                            .source = "application"};

struct module *module_create(const char *path, bool is_allocator)
{
    struct module *module = calloc(1, sizeof *module);
    if (!module)
        return NULL;
    module->path = path;
    module->is_allocator = is_allocator;
    return module;
}

void module_destroy(struct module *module)
{
    if (!module)
        return;
    free(module->segments);
    free(module->attributions);
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

/* One attribution for each symbol, filled in when first met, and a last one for code without. */
static bool make_attributions(struct module *module)
{
    symbols_sort(&module->symbols);
    module->attributions = calloc(module->symbols.count + 1, sizeof *module->attributions);
    return module->attributions;
}

static void read_separate_debug(struct module *module, const struct elf_file *file,
                                struct name_pool *names)
{
    struct elf_file debug;
    if (debug_file_open(&debug, file, module->path) != 0)
        return;
    debug_table_read(&module->debug, debug.elf, names);
    symbols_add(&module->symbols, debug.elf, names);
    elf_file_close(&debug);
}

/* In order of how much each tells. */
static void read_debug(struct module *module, const struct elf_file *file, struct name_pool *names)
{
    debug_table_read(&module->debug, file->elf, names);
    if (!module->debug.flat.count)
        read_separate_debug(module, file, names);
    if (!module->debug.flat.count)
        source_note_read(&module->debug, file->elf, names);
}

int module_read(struct module *module, struct name_pool *names)
{
    struct elf_file file;
    if (module->is_read)
        return 0;
    module->is_read = true;

    if (elf_file_open(&file, module->path) != 0)
        return -1;
    read_segments(module, file.elf);
    symbols_add(&module->symbols, file.elf, names);
    if (module->is_allocator)
        read_debug(module, &file, names);
    elf_file_close(&file);
    make_attributions(module);
    return 0;
}

static bool address_of(const struct module *module, uint64_t offset, uint64_t *address)
{
    for (size_t i = 0; i < module->segment_count; i++) {
        const struct segment *segment = &module->segments[i];
        if (offset >= segment->offset && offset - segment->offset < segment->bytes) {
            *address = segment->address + (offset - segment->offset);
            return true;
        }
    }
    return false;
}

static const struct attribution *by_symbol(struct module *module, size_t at)
{
    bool named = at < module->symbols.count;
    struct attribution *result = &module->attributions[named ? at : module->symbols.count];
    if (!result->source) {
        *result = (struct attribution){
            .domain = module->is_allocator ? ATTRIBUTED_ALLOCATOR : ATTRIBUTED_APPLICATION,
            .source = module->is_allocator ? "allocator" : "application",
            .function = named ? module->symbols.items[at].name : NULL,
        };
    }
    return result;
}

const struct attribution *module_resolve(struct module *module, uint64_t offset,
                                         struct name_pool *names)
{
    static const struct attribution allocator = {.domain = ATTRIBUTED_ALLOCATOR,
                                                 .source = "allocator"};
    uint64_t address;

    module_read(module, names);
    if (!module->attributions)
        return module->is_allocator ? &allocator : &nameless;
    if (!address_of(module, offset, &address))
        return by_symbol(module, SIZE_MAX);
    struct attribution *found = debug_table_find(&module->debug, address);
    size_t symbol = found && found->function ? SIZE_MAX : symbols_find(&module->symbols, address);
    if (!found)
        return by_symbol(module, symbol);
    if (!found->function && symbol != SIZE_MAX)
        found->function = module->symbols.items[symbol].name;
    return found;
}

const char *module_symbol(struct module *module, uint64_t offset, struct name_pool *names)
{
    uint64_t address;
    module_read(module, names);
    if (!module->attributions || !address_of(module, offset, &address))
        return NULL;
    size_t at = symbols_find(&module->symbols, address);
    return at == SIZE_MAX ? NULL : module->symbols.items[at].name;
}

static const struct segment *segment_of(const struct module *module, uint64_t address)
{
    for (size_t i = 0; i < module->segment_count; i++) {
        const struct segment *segment = &module->segments[i];
        if (address >= segment->address && address - segment->address < segment->bytes)
            return segment;
    }
    return NULL;
}

/* A symbol without a size reaches to the next one; none reaches beyond its segment. */
static bool describe_function(const struct module *module, size_t at,
                              struct attributed_function *function)
{
    const struct symbol *symbol = &module->symbols.items[at];
    const struct segment *segment = segment_of(module, symbol->address);
    if (!segment)
        return false;
    uint64_t into = symbol->address - segment->address, most = segment->bytes - into;
    uint64_t bytes = symbol->bytes;
    if (bytes == 0 && at + 1 < module->symbols.count)
        bytes = symbol[1].address - symbol->address;
    *function = (struct attributed_function){.name = symbol->name,
                                             .address = symbol->address,
                                             .offset = segment->offset + into,
                                             .bytes = bytes && bytes < most ? bytes : most};
    return true;
}

struct attributed_function *module_functions(const struct module *module, size_t *count)
{
    struct attributed_function *list = calloc(module->symbols.count + 1, sizeof *list);
    *count = 0;
    for (size_t i = 0; list && i < module->symbols.count; i++)
        *count += describe_function(module, i, &list[*count]);
    return list;
}
