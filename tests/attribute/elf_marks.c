/* SPDX-License-Identifier: MIT */
#include "elf_marks.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void __attribute__((noreturn)) fail(const char *path, const char *what)
{
    fprintf(stderr, "%s: %s\n", path, what);
    exit(99);
}

static Elf *open_elf(const char *path, int *descriptor)
{
    elf_version(EV_CURRENT);
    *descriptor = open(path, O_RDONLY | O_CLOEXEC);
    Elf *elf = *descriptor < 0 ? NULL : elf_begin(*descriptor, ELF_C_READ, NULL);
    if (!elf)
        fail(path, "cannot be read");
    return elf;
}

struct code_segment elf_code_segment(const char *path)
{
    int descriptor;
    Elf *elf = open_elf(path, &descriptor);
    size_t count = 0;
    struct code_segment segment = {0};
    elf_getphdrnum(elf, &count);
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr header;
        if (gelf_getphdr(elf, (int)i, &header) && header.p_type == PT_LOAD && header.p_flags & PF_X)
            segment = (struct code_segment){header.p_offset, header.p_filesz, header.p_vaddr};
    }
    elf_end(elf);
    close(descriptor);
    if (!segment.bytes)
        fail(path, "no executable segment");
    return segment;
}

static bool find_symbol(Elf *elf, const char *name, GElf_Sym *symbol)
{
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(elf, section))) {
        GElf_Shdr header;
        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNSYM)
            continue;
        Elf_Data *data = elf_getdata(section, NULL);
        for (int i = 0; data && gelf_getsym(data, i, symbol); i++) {
            const char *text = elf_strptr(elf, header.sh_link, symbol->st_name);
            if (text && strcmp(text, name) == 0)
                return true;
        }
    }
    return false;
}

uint64_t elf_symbol(const char *path, const char *name, uint64_t *bytes)
{
    int descriptor;
    Elf *elf = open_elf(path, &descriptor);
    GElf_Sym symbol;
    if (!find_symbol(elf, name, &symbol))
        fail(path, name);
    if (bytes)
        *bytes = symbol.st_size;
    elf_end(elf);
    close(descriptor);
    return symbol.st_value;
}

struct code_segment elf_section(const char *path, const char *name)
{
    int descriptor;
    Elf *elf = open_elf(path, &descriptor);
    Elf_Scn *section = NULL;
    size_t names;
    struct code_segment found = {0};
    elf_getshdrstrndx(elf, &names);
    while ((section = elf_nextscn(elf, section))) {
        GElf_Shdr header;
        const char *text =
            gelf_getshdr(section, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;
        if (text && strcmp(text, name) == 0)
            found = (struct code_segment){header.sh_offset, header.sh_size, header.sh_addr};
    }
    elf_end(elf);
    close(descriptor);
    return found;
}
