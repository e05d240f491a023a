/* SPDX-License-Identifier: MIT */
#include "code_bytes.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

void code_bytes_close(struct code_bytes *code)
{
    if (code->path && code->descriptor >= 0)
        close(code->descriptor);
    *code = (struct code_bytes){0};
}

/* Only regular files: the path is what a program has told. */
static void open_file(struct code_bytes *code, const char *path)
{
    struct stat status;
    code_bytes_close(code);
    code->path = path;
    code->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (code->descriptor < 0 || (fstat(code->descriptor, &status) == 0 && S_ISREG(status.st_mode)))
        return;
    close(code->descriptor);
    code->descriptor = -1;
}

size_t code_bytes_of_vdso(uint64_t offset, uint8_t *bytes, size_t most)
{
    const uint8_t *start = (const uint8_t *)getauxval(AT_SYSINFO_EHDR);
    const Elf64_Ehdr *header = (const void *)start;
    if (!start)
        return 0;
    uint64_t end = header->e_shoff + (uint64_t)header->e_shnum * header->e_shentsize;
    if (offset >= end)
        return 0;
    size_t count = end - offset < most ? (size_t)(end - offset) : most;
    memcpy(bytes, start + offset, count);
    return count;
}

size_t code_bytes_at(int descriptor, uint64_t offset, uint8_t *bytes, size_t most)
{
    if (descriptor < 0 || offset > INT64_MAX)
        return 0;
    ssize_t got = pread(descriptor, bytes, most, (off_t)offset);
    return got > 0 ? (size_t)got : 0;
}

size_t code_bytes_read(struct code_bytes *code, const char *path, uint64_t offset, uint8_t *bytes,
                       size_t most)
{
    if (!code->path || strcmp(code->path, path) != 0)
        open_file(code, path);
    return code_bytes_at(code->descriptor, offset, bytes, most);
}
