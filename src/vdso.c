/* SPDX-License-Identifier: MIT */
/*
 * libc's clock_gettime calls the vDSO as well, but the first call of it maps sixteen pages of libc
 * that most programs never use: 64 KiB of each small process's memory, and as much again for
 * getauxval. The vDSO is there anyway, a small ELF image with a symbol table (vdso(7)).
 */
#include "vdso.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__aarch64__)
static const char clock_name[] = "__kernel_clock_gettime";
#else
static const char clock_name[] = "__vdso_clock_gettime";
#endif

struct image {
    uintptr_t bias; /* from an address in the image's tables to memory */
    const char *names;
    const ElfW(Sym) * symbols;
    const uint32_t *hash; /* DT_HASH; its second word is how many symbols there are */
};

static const char *image_start(char **environment)
{
    while (*environment)
        environment++;
    const ElfW(auxv_t) *entry = (const ElfW(auxv_t) *)(const void *)(environment + 1);
    while (entry->a_type != AT_NULL && entry->a_type != AT_SYSINFO_EHDR)
        entry++;
    return entry->a_type == AT_NULL ? NULL : (const char *)entry->a_un.a_val;
}

static void read_dynamic(struct image *image, const ElfW(Dyn) * entry)
{
    for (; entry->d_tag != DT_NULL; entry++) {
        const void *address = (const void *)(image->bias + entry->d_un.d_ptr);
        if (entry->d_tag == DT_STRTAB)
            image->names = address;
        else if (entry->d_tag == DT_SYMTAB)
            image->symbols = address;
        else if (entry->d_tag == DT_HASH)
            image->hash = address;
    }
}

static bool read_image(struct image *image, const char *start)
{
    const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)(const void *)start;
    const ElfW(Phdr) *part = (const ElfW(Phdr) *)(const void *)(start + header->e_phoff);
    const ElfW(Phdr) *load = NULL, *dynamic = NULL;
    for (int i = 0; i < header->e_phnum; i++) {
        if (part[i].p_type == PT_LOAD && !load)
            load = &part[i];
        else if (part[i].p_type == PT_DYNAMIC)
            dynamic = &part[i];
    }
    if (!load || !dynamic)
        return false;
    image->bias = (uintptr_t)start + load->p_offset - load->p_vaddr;
    read_dynamic(image, (const ElfW(Dyn) *)(const void *)(start + dynamic->p_offset));
    return image->names && image->symbols && image->hash;
}

hak_clock_function *hak_vdso_clock(char **environment)
{
    struct image image = {0};
    const char *start = image_start(environment);
    if (!start || !read_image(&image, start))
        return NULL;
    for (uint32_t i = 0; i < image.hash[1]; i++) {
        const ElfW(Sym) *symbol = &image.symbols[i];
        if (symbol->st_shndx != SHN_UNDEF && strcmp(image.names + symbol->st_name, clock_name) == 0)
            return (hak_clock_function *)(image.bias + symbol->st_value);
    }
    return NULL;
}
