/* SPDX-License-Identifier: MIT */
#include "safe_name.h"

#include <dwarf.h>
#include <libelf.h>
#include <stdbool.h>
#include <string.h>

static bool lies_in(const char *text, const Elf_Data *data)
{
    const char *start = data->d_buf;
    return start && text >= start && text < start + data->d_size;
}

/* The section that the text lies in; NULL where libdw keeps it elsewhere, ended by itself. */
static const Elf_Data *section_of(Elf *elf, const char *text)
{
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(elf, section))) {
        const Elf_Data *data = elf_rawdata(section, NULL);
        if (data && lies_in(text, data))
            return data;
    }
    return NULL;
}

static const char *safe_text(Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attribute;
    if (!dwarf_attr_integrate(die, name, &attribute))
        return NULL;
    const char *text = dwarf_formstring(&attribute);
    if (!text)
        return NULL;
    Dwarf *dwarf = dwarf_cu_getdwarf(attribute.cu);
    const Elf_Data *data = dwarf ? section_of(dwarf_getelf(dwarf), text) : NULL;
    if (data && !memchr(text, 0, (size_t)((const char *)data->d_buf + data->d_size - text)))
        return NULL;
    return text;
}

const char *safe_name(Dwarf_Die *die)
{
    return safe_text(die, DW_AT_name);
}

const char *safe_folder(Dwarf_Die *unit)
{
    return safe_text(unit, DW_AT_comp_dir);
}
