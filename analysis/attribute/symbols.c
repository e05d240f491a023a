/* SPDX-License-Identifier: MIT */
#include "symbols.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "growing.h"

static bool is_code(const GElf_Sym *symbol)
{
    int type = GELF_ST_TYPE(symbol->st_info);
    return (type == STT_FUNC || type == STT_GNU_IFUNC) && symbol->st_shndx != SHN_UNDEF;
}

static bool add_table(struct symbols *symbols, Elf *elf, Elf_Scn *section, size_t strings,
                      struct name_pool *names)
{
    Elf_Data *data = elf_getdata(section, NULL);
    size_t entry = gelf_fsize(elf, ELF_T_SYM, 1, EV_CURRENT);
    if (!data || entry == 0)
        return true;

    for (size_t i = 0; i < data->d_size / entry; i++) {
        GElf_Sym symbol;
        if (!gelf_getsym(data, (int)i, &symbol) || !is_code(&symbol))
            continue;
        const char *name = elf_strptr(elf, strings, symbol.st_name);
        if (!name || !*name)
            continue;
        if (!growing_reserve(&symbols->items, &symbols->capacity, symbols->count,
                             sizeof *symbols->items))
            return false;
        name = name_pool_copy(names, name);
        if (!name)
            return false;
        symbols->items[symbols->count++] = (struct symbol){symbol.st_value, symbol.st_size, name};
    }
    return true;
}

bool symbols_add(struct symbols *symbols, Elf *elf, struct name_pool *names)
{
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(elf, section))) {
        GElf_Shdr header;
        if (!gelf_getshdr(section, &header))
            continue;
        if (header.sh_type != SHT_SYMTAB && header.sh_type != SHT_DYNSYM)
            continue;
        if (!add_table(symbols, elf, section, header.sh_link, names))
            return false;
    }
    return true;
}

/* Of several names for one address the longest code comes last, and then the shortest name, and of
 * these the one that sorts first: the choice must not depend on the order of the tables. */
static int by_address(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    if (x->bytes != y->bytes)
        return x->bytes < y->bytes ? -1 : 1;
    size_t mine = strlen(x->name), others = strlen(y->name);
    if (mine != others)
        return mine > others ? -1 : 1;
    return -strcmp(x->name, y->name);
}

void symbols_sort(struct symbols *symbols)
{
    if (!symbols->count)
        return;
    qsort(symbols->items, symbols->count, sizeof *symbols->items, by_address);
    /* Memory that is out costs the aliases alone. */
    symbols->aliases = calloc(symbols->count, sizeof *symbols->aliases);
    size_t kept = 0;
    for (size_t i = 0; i < symbols->count; i++) {
        if (i + 1 == symbols->count || symbols->items[i + 1].address != symbols->items[i].address)
            symbols->items[kept++] = symbols->items[i];
        else if (symbols->aliases)
            symbols->aliases[symbols->alias_count++] = symbols->items[i];
    }
    symbols->count = kept;
}

void symbols_finish(struct symbols *symbols)
{
    free(symbols->items);
    free(symbols->aliases);
    memset(symbols, 0, sizeof *symbols);
}

size_t symbols_find(const struct symbols *symbols, uint64_t address, uint64_t *low, uint64_t *high)
{
    size_t first = 0, last = symbols->count; /* what begins behind `address` is at `last` */
    while (first < last) {
        size_t middle = first + (last - first) / 2;
        if (symbols->items[middle].address <= address)
            first = middle + 1;
        else
            last = middle;
    }
    *low = 0;
    *high = last < symbols->count ? symbols->items[last].address : UINT64_MAX;
    if (last == 0)
        return SIZE_MAX;
    const struct symbol *symbol = &symbols->items[last - 1];
    *low = symbol->address;
    if (symbol->bytes == 0)
        return last - 1;
    if (address - symbol->address >= symbol->bytes) {
        *low = symbol->address + symbol->bytes;
        return SIZE_MAX;
    }
    if (*high - symbol->address > symbol->bytes)
        *high = symbol->address + symbol->bytes;
    return last - 1;
}

static const struct symbol *named(const struct symbol *items, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(items[i].name, name) == 0)
            return &items[i];
    }
    return NULL;
}

const char *symbols_listed_name(const struct symbols *symbols, const char *name)
{
    const struct symbol *found = named(symbols->items, symbols->count, name);
    if (found)
        return found->name;
    found = named(symbols->aliases, symbols->alias_count, name);
    for (size_t i = 0; found && i < symbols->count; i++) {
        if (symbols->items[i].address == found->address)
            return symbols->items[i].name;
    }
    return NULL;
}
