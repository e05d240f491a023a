/* SPDX-License-Identifier: MIT */
#include "resident.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "monitor.h"
#include "process_memory.h"

const char *const resident_names[RESIDENT_KINDS] = {
    [RESIDENT_SLABS] = "slabs",
    [RESIDENT_LARGE] = "large blocks",
    [RESIDENT_FREE] = "free spans",
    [RESIDENT_MAGAZINES] = "magazines",
    [RESIDENT_TABLES] = "tables and heaps",
    [RESIDENT_COUNTERS] = "counters",
    [RESIDENT_FILES] = "program and libraries",
    [RESIDENT_OTHER] = "stacks, huge blocks, others",
};

#define PAGE_PRESENT (UINT64_C(1) << 63) /* of an entry of /proc/PID/pagemap, see proc(5) */

enum { ENTRIES = 4096, UNITS_MAX = 1 << 24, RECORD_BYTES_MAX = 4096 };

/* The arena's units, as they were read. */
struct units {
    uint32_t count;
    uint32_t *words;
    struct hak_unit_head *heads;
    uint32_t *resident; /* bytes of each that are */
};

uint64_t resident_total(pid_t pid)
{
    char text[128] = "";
    unsigned long long pages = 0;
    int file = monitor_open_process(pid, "statm");
    if (file < 0)
        return 0;
    ssize_t got = read(file, text, sizeof text - 1);
    close(file);
    if (got <= 0 || sscanf(text, "%*u %llu", &pages) != 1)
        return 0;
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Of each record the beginning alone is kept: how long records are is what the process says. */
static bool read_heads(pid_t pid, const struct hak_counter_header *header, struct units *units)
{
    enum { AT_ONCE = 65536 };
    uint32_t bytes = header->record_bytes, most = AT_ONCE / bytes;
    char *records = malloc(AT_ONCE);
    bool done = records;
    for (uint32_t i = 0; done && i < units->count; i += most) {
        uint32_t count = units->count - i < most ? units->count - i : most;
        done = process_memory_read(pid, header->records_address + (uint64_t)i * bytes, records,
                                   (size_t)count * bytes);
        for (uint32_t r = 0; done && r < count; r++)
            memcpy(&units->heads[i + r], records + (size_t)r * bytes, sizeof units->heads[0]);
    }
    free(records);
    return done;
}

static bool read_tables(pid_t pid, const struct hak_counter_header *header, struct units *units)
{
    uint64_t count = header->committed_bytes / HAK_UNIT_BYTES;
    if (count > UNITS_MAX || header->committed_bytes > header->arena_bytes ||
        header->record_bytes < sizeof(struct hak_unit_head) ||
        header->record_bytes > RECORD_BYTES_MAX) {
        errno = EPROTO;
        return false;
    }
    units->count = (uint32_t)count;
    units->words = calloc(count + 1, sizeof *units->words);
    units->heads = calloc(count + 1, sizeof *units->heads);
    units->resident = calloc(count + 1, sizeof *units->resident);
    if (!units->words || !units->heads || !units->resident)
        return false;
    return count == 0 || (process_memory_read(pid, header->words_address, units->words,
                                              count * sizeof *units->words) &&
                          read_heads(pid, header, units));
}

static bool read_pages(pid_t pid, uint64_t base, struct units *units)
{
    uint64_t entries[ENTRIES];
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    uint64_t pages = units->count * (uint64_t)HAK_UNIT_BYTES / page;
    int file = monitor_open_process(pid, "pagemap");
    if (file < 0)
        return false;
    for (uint64_t done = 0; done < pages;) {
        uint64_t want = pages - done < ENTRIES ? pages - done : ENTRIES;
        off_t offset = (off_t)((base / page + done) * sizeof entries[0]);
        ssize_t got = pread(file, entries, want * sizeof entries[0], offset);
        if (got < (ssize_t)sizeof entries[0]) {
            close(file);
            errno = got < 0 ? errno : ESRCH;
            return false;
        }
        uint64_t count = (uint64_t)got / sizeof entries[0];
        for (uint64_t i = 0; i < count; i++) {
            if (entries[i] & PAGE_PRESENT)
                units->resident[(done + i) * page / HAK_UNIT_BYTES] += (uint32_t)page;
        }
        done += count;
    }
    close(file);
    return true;
}

static void add_span(struct resident *resident, struct hak_unit_head head, uint32_t word,
                     uint64_t bytes)
{
    uint32_t class = word & 63;
    if (head.state != HAK_UNIT_USED || word == 0) {
        resident->kind[RESIDENT_FREE] += bytes;
    } else if (class == HAK_CLASS_LARGE) {
        resident->kind[RESIDENT_LARGE] += bytes;
    } else if (class == HAK_CLASS_INTERNAL) {
        resident->kind[RESIDENT_MAGAZINES] += bytes;
    } else {
        resident->kind[RESIDENT_SLABS] += bytes;
        resident->slab[class] += bytes;
    }
}

static void add_spans(const struct units *units, struct resident *resident)
{
    for (uint32_t unit = 0; unit < units->count;) {
        struct hak_unit_head head = units->heads[unit];
        uint32_t length = head.state == HAK_UNIT_INSIDE ? 1 : head.units;
        if (length == 0 || length > units->count - unit)
            length = 1; /* a span half made */
        uint64_t bytes = 0;
        for (uint32_t i = 0; i < length; i++)
            bytes += units->resident[unit + i];
        add_span(resident, head, units->words[unit], bytes);
        unit += length;
    }
}

static bool read_arena(pid_t pid, const struct hak_counter_header *header,
                       struct resident *resident)
{
    struct units units = {0};
    bool done = read_tables(pid, header, &units) && read_pages(pid, header->arena_base, &units);
    if (done)
        add_spans(&units, resident);
    int error = errno;
    free(units.words);
    free(units.heads);
    free(units.resident);
    errno = error;
    return done;
}

/* The kind of a mapping outside the arena, from its line in /proc/PID/smaps. */
static enum resident_kind kind_of(const struct hak_counter_header *header, uint64_t start,
                                  uint64_t inode, const char *path)
{
    size_t length = strcspn(path, "\n");
    static const char counters[] = ".counters";
    if (start >= header->words_address && start < header->arena_base)
        return RESIDENT_TABLES;
    if (length >= sizeof counters - 1 &&
        strncmp(path + length - (sizeof counters - 1), counters, sizeof counters - 1) == 0)
        return RESIDENT_COUNTERS;
    return inode != 0 ? RESIDENT_FILES : RESIDENT_OTHER;
}

static bool read_mappings(pid_t pid, const struct hak_counter_header *header,
                          struct resident *resident)
{
    int descriptor = monitor_open_process(pid, "smaps");
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "r");
    if (!file)
        return false;
    char line[4352];
    enum resident_kind kind = RESIDENT_OTHER, before = RESIDENT_OTHER;
    uint64_t file_end = 0;
    bool in_arena = false;
    while (fgets(line, sizeof line, file)) {
        unsigned long long start, end, inode, kb;
        int path = 0;
        if (sscanf(line, "%llx-%llx %*s %*x %*s %llu %n", &start, &end, &inode, &path) >= 3) {
            in_arena =
                start >= header->arena_base && start - header->arena_base < header->arena_bytes;
            kind = kind_of(header, start, inode, line + path);
            /* A library's zeroed data is an anonymous mapping right behind its file's last. */
            if (kind == RESIDENT_OTHER && before == RESIDENT_FILES && start == file_end &&
                line[path] == '\0')
                kind = RESIDENT_FILES;
            before = kind;
            file_end = end;
        } else if (!in_arena && sscanf(line, "Rss: %llu kB", &kb) == 1) {
            resident->kind[kind] += 1024 * (uint64_t)kb;
        }
    }
    fclose(file);
    return true;
}

bool resident_read(pid_t pid, const struct hak_counter_header *header, struct resident *resident)
{
    *resident = (struct resident){0};
    if (!read_arena(pid, header, resident) || !read_mappings(pid, header, resident))
        return false;
    for (size_t k = 0; k < RESIDENT_KINDS; k++)
        resident->total += resident->kind[k];
    return true;
}
