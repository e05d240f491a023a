/* SPDX-License-Identifier: MIT */
#include "preloadable.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { INTERPRETER_BYTES = 256, SCRIPTS_MAX = 4 /* as many as Linux follows */ };

enum kind { UNKNOWN, SCRIPT, STATIC, DYNAMIC };

/* Segments of either word size; the machine is not looked at, as the interpreters of two machines
 * are of different names. */
static enum kind read_elf(int file, const unsigned char *start, char interpreter[INTERPRETER_BYTES])
{
    bool is_wide = start[EI_CLASS] == ELFCLASS64;
    const Elf64_Ehdr *wide = (const Elf64_Ehdr *)start;
    const Elf32_Ehdr *narrow = (const Elf32_Ehdr *)start;
    size_t count = is_wide ? wide->e_phnum : narrow->e_phnum;
    uint64_t offset = is_wide ? wide->e_phoff : narrow->e_phoff;
    size_t bytes = is_wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
    for (size_t i = 0; i < count; i++, offset += bytes) {
        union {
            Elf64_Phdr wide;
            Elf32_Phdr narrow;
        } segment;
        if (pread(file, &segment, bytes, (off_t)offset) != (ssize_t)bytes)
            return UNKNOWN;
        if ((is_wide ? segment.wide.p_type : segment.narrow.p_type) != PT_INTERP)
            continue;
        uint64_t at = is_wide ? segment.wide.p_offset : segment.narrow.p_offset;
        ssize_t got = pread(file, interpreter, INTERPRETER_BYTES - 1, (off_t)at);
        interpreter[got > 0 ? got : 0] = '\0';
        return got > 0 ? DYNAMIC : UNKNOWN;
    }
    return STATIC;
}

/* `interpreter`: the dynamic linker that the program names, or the script's first word. */
static enum kind read_kind(const char *path, char interpreter[INTERPRETER_BYTES])
{
    union {
        Elf64_Ehdr aligned;
        unsigned char bytes[INTERPRETER_BYTES];
    } start = {.bytes = {0}};
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    enum kind kind = UNKNOWN;
    ssize_t got = file >= 0 ? pread(file, &start, sizeof start - 1, 0) : -1;
    if (got >= (ssize_t)sizeof(Elf32_Ehdr) && memcmp(start.bytes, ELFMAG, SELFMAG) == 0) {
        kind = read_elf(file, start.bytes, interpreter);
    } else if (got > 2 && memcmp(start.bytes, "#!", 2) == 0) {
        const char *word = (const char *)start.bytes + 2;
        word += strspn(word, " \t");
        snprintf(interpreter, INTERPRETER_BYTES, "%.*s", (int)strcspn(word, " \t\n"), word);
        kind = SCRIPT;
    }
    if (file >= 0)
        close(file);
    return kind;
}

/* Does the kernel set AT_SECURE for it? Capabilities change nothing for root. */
static const char *extra_rights(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return NULL;
    if (status.st_mode & S_ISUID && status.st_uid != getuid())
        return "setuid";
    if (status.st_mode & S_ISGID && status.st_mode & S_IXGRP && status.st_gid != getgid())
        return "setgid";
    if (getuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0)
        return "given capabilities by its file";
    return NULL;
}

/* The file that execvp will take. */
static bool find(const char *program, char path[PATH_MAX])
{
    if (strchr(program, '/'))
        return snprintf(path, PATH_MAX, "%s", program) < PATH_MAX;
    const char *folders = getenv("PATH");
    for (const char *folder = folders ? folders : "/bin:/usr/bin";; folder++) {
        int length = (int)strcspn(folder, ":");
        struct stat status;
        if (snprintf(path, PATH_MAX, "%.*s%s%s", length, folder, length ? "/" : "", program) <
                PATH_MAX &&
            access(path, X_OK) == 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode))
            return true;
        folder += length;
        if (!*folder)
            return false;
    }
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool can_be_preloaded(const char *program, char *why, size_t why_bytes)
{
    char path[PATH_MAX], interpreter[INTERPRETER_BYTES], ours[INTERPRETER_BYTES];
    if (!find(program, path))
        return true;
    enum kind kind = read_kind(path, interpreter);
    for (int i = 0; i < SCRIPTS_MAX && kind == SCRIPT; i++) {
        snprintf(path, sizeof path, "%s", interpreter);
        kind = read_kind(path, interpreter);
    }
    const char *rights = extra_rights(path);
    if (rights)
        snprintf(why, why_bytes, "%s is %s", path, rights);
    else if (kind == STATIC)
        snprintf(why, why_bytes, "%s is static", path);
    else if (kind == DYNAMIC && read_kind("/proc/self/exe", ours) == DYNAMIC &&
             strcmp(last_part(interpreter), last_part(ours)) != 0)
        snprintf(why, why_bytes, "%s is of another C library or processor (%s)", path, interpreter);
    else
        return true;
    return false;
}
