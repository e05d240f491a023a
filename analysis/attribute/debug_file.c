/* SPDX-License-Identifier: MIT */
#include "debug_file.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEBUG_FOLDER "/usr/lib/debug"

/* Takes the descriptor over. */
static int begin(struct elf_file *file, int descriptor)
{
    *file = (struct elf_file){.descriptor = -1};
    elf_version(EV_CURRENT);
    if (descriptor < 0)
        return -1;
    struct stat status;
    int error = ENOEXEC;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
        Elf *elf = elf_begin(descriptor, ELF_C_READ, NULL);
        if (elf && elf_kind(elf) == ELF_K_ELF) {
            *file = (struct elf_file){descriptor, elf};
            return 0;
        }
        elf_end(elf);
    }
    close(descriptor);
    errno = error;
    return -1;
}

int elf_file_open(struct elf_file *file, const char *path)
{
    return begin(file, open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

int elf_file_open_again(struct elf_file *file, int descriptor)
{
    return begin(file, fcntl(descriptor, F_DUPFD, 0));
}

void elf_file_close(struct elf_file *file)
{
    if (file->descriptor < 0)
        return;
    elf_end(file->elf);
    close(file->descriptor);
    *file = (struct elf_file){.descriptor = -1};
}

bool elf_address_of(Elf *elf, uint64_t offset, uint64_t *address)
{
    size_t count;
    GElf_Phdr header;
    if (elf_getphdrnum(elf, &count) != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_LOAD ||
            !(header.p_flags & PF_X) || offset < header.p_offset ||
            offset - header.p_offset >= header.p_filesz)
            continue;
        *address = header.p_vaddr + (offset - header.p_offset);
        return true;
    }
    return false;
}

bool elf_strings_end(Elf *elf)
{
    Elf_Scn *section = NULL;
    size_t names;
    if (elf_getshdrstrndx(elf, &names) != 0)
        return false;
    while ((section = elf_nextscn(elf, section))) {
        GElf_Shdr header;
        const char *name =
            gelf_getshdr(section, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;
        if (!name || (!strstr(name, "debug_str") && !strstr(name, "debug_line_str")) ||
            strstr(name, "offsets"))
            continue;
        const Elf_Data *data = elf_rawdata(section, NULL);
        size_t bytes = data && data->d_buf ? data->d_size : 0;
        if (bytes && ((const char *)data->d_buf)[bytes - 1] != '\0')
            return false;
    }
    return true;
}

static bool same_build(Elf *a, Elf *b)
{
    const void *x, *y;
    ssize_t bytes = dwelf_elf_gnu_build_id(a, &x);
    if (bytes <= 0)
        return true; /* nothing to compare by */
    return dwelf_elf_gnu_build_id(b, &y) == bytes && memcmp(x, y, (size_t)bytes) == 0;
}

static int open_if_same(struct elf_file *debug, const struct elf_file *file, const char *path)
{
    if (elf_file_open(debug, path) != 0)
        return -1;
    if (same_build(file->elf, debug->elf))
        return 0;
    elf_file_close(debug);
    return -1;
}

void elf_build_id(Elf *elf, char *digits, size_t room)
{
    const void *id;
    ssize_t bytes = dwelf_elf_gnu_build_id(elf, &id);
    digits[0] = '\0';
    for (ssize_t i = 0; i < bytes && 2 * (size_t)bytes < room; i++)
        sprintf(digits + 2 * i, "%02x", ((const unsigned char *)id)[i]);
}

/* /usr/lib/debug/.build-id/ab/cdef....debug */
static int open_by_build_id(struct elf_file *debug, const struct elf_file *file)
{
    const void *id;
    ssize_t bytes = dwelf_elf_gnu_build_id(file->elf, &id);
    char path[256] = DEBUG_FOLDER "/.build-id/";
    size_t at = strlen(path);
    if (bytes < 2 || at + 2 * (size_t)bytes + sizeof "/.debug" > sizeof path)
        return -1;
    for (ssize_t i = 0; i < bytes; i++) {
        at += (size_t)sprintf(path + at, "%02x", ((const unsigned char *)id)[i]);
        if (i == 0)
            path[at++] = '/';
    }
    memcpy(path + at, ".debug", sizeof ".debug");
    return open_if_same(debug, file, path);
}

/* The name in .gnu_debuglink, looked for beside the library, in .debug there, and below
 * /usr/lib/debug. Names that climb out of these folders are not followed. */
static int open_by_link(struct elf_file *debug, const struct elf_file *file, const char *path)
{
    static const char *const patterns[] = {"%s/%s", "%s/.debug/%s", DEBUG_FOLDER "%s/%s"};
    GElf_Word checksum;
    const char *name = dwelf_elf_gnu_debuglink(file->elf, &checksum);
    if (!name || !*name || strchr(name, '/'))
        return -1;

    char *folder = realpath(path, NULL);
    if (!folder)
        return -1;
    *strrchr(folder, '/') = '\0';
    int found = -1;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns && found != 0; i++) {
        char *candidate = NULL;
        if (asprintf(&candidate, patterns[i], folder, name) < 0)
            break;
        found = open_if_same(debug, file, candidate);
        free(candidate);
    }
    free(folder);
    return found;
}

int debug_file_open(struct elf_file *debug, const struct elf_file *file, const char *path)
{
    if (open_by_build_id(debug, file) == 0)
        return 0;
    return open_by_link(debug, file, path);
}
