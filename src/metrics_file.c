/* SPDX-License-Identifier: MIT */
#include "metrics_file.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "counters.h"
#include "heap.h"
#include "metrics.h"
#include "misuse_line.h"
#include "os.h"
#include "os_file.h"

enum { PATH_BYTES = 1024, DIGITS = 24, BUFFER_BYTES = 4096 };

/* From the environment, which the program may change; "": none wanted. */
static char wanted[PATH_BYTES];
static bool is_too_long;

bool hak_metrics_file_start(void)
{
    const char *path = secure_getenv("HAKMEM_METRICS");
    if (!path || !*path)
        return false;
    is_too_long = strlen(path) >= sizeof wanted;
    memcpy(wanted, path, is_too_long ? 1 : strlen(path) + 1);
    return true;
}

struct file {
    char path[PATH_BYTES + DIGITS], temporary[PATH_BYTES + 3 * DIGITS];
    long descriptor;
    long error; /* -errno; 0: none */
    size_t used;
    char buffer[BUFFER_BYTES];
};

/* Where there is room, which the callers see to. */
static size_t add_text(char *to, size_t at, const char *text)
{
    strcpy(to + at, text);
    return at + strlen(text);
}

static size_t add_number(char *to, size_t at, long number)
{
    char digits[DIGITS], *first = digits + sizeof digits - 1;
    *first = '\0';
    do
        *--first = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    return add_text(to, at, first);
}

/* %p is the process's number, %% a percent sign; other letters stand for themselves. */
static bool expand(char *path, size_t room, long pid)
{
    size_t at = 0;
    for (const char *from = wanted; *from; from++) {
        const char one[] = {*from, '\0'};
        if (at + DIGITS > room)
            return false;
        if (from[0] == '%' && from[1] == 'p') {
            at = add_number(path, at, pid);
            from++;
        } else {
            from += from[0] == '%' && from[1] == '%';
            at = add_text(path, at, one);
        }
    }
    return true;
}

static void flush(struct file *file)
{
    if (!file->error)
        file->error = hak_os_file_write(file->descriptor, file->buffer, file->used);
    file->used = 0;
}

static void put(void *context, const char *text, size_t bytes)
{
    struct file *file = context;
    while (bytes > 0) {
        size_t part = sizeof file->buffer - file->used;
        part = part < bytes ? part : bytes;
        memcpy(file->buffer + file->used, text, part);
        file->used += part;
        text += part;
        bytes -= part;
        if (file->used == sizeof file->buffer)
            flush(file);
    }
}

/* Pages are the second word of /proc/self/statm; without /proc nobody knows. */
static uint64_t resident_bytes(void)
{
    char text[128], *word;
    if (!hak_os_file_read_text("/proc/self/statm", text, sizeof text) ||
        !(word = strchr(text, ' ')))
        return 0;
    return strtoull(word, NULL, 10) * hak_os_page_bytes();
}

static void read_name(char *name, size_t room)
{
    if (!hak_os_file_read_text("/proc/self/comm", name, room))
        *name = '\0';
    size_t length = strlen(name);
    if (length > 0 && name[length - 1] == '\n')
        name[length - 1] = '\0';
}

static HAK_RACY struct hak_counter_header header_now(void)
{
    return *hak_counters;
}

static void write_all(struct file *file, long pid)
{
    struct hak_counter_page sum;
    struct hak_counter_header header = header_now();
    char name[64];
    hak_heap_counters(&sum);
    read_name(name, sizeof name);
    const struct hak_metrics_process process = {.header = &header,
                                                .sum = &sum,
                                                .program = name,
                                                .pid = (uint64_t)pid,
                                                .resident = resident_bytes()};
    const struct hak_metrics_sink sink = {put, file};
    size_t length = strlen(file->path);
    bool is_prom = length > 5 && strcmp(file->path + length - 5, ".prom") == 0;
    hak_metrics_write(&process, 1, is_prom ? HAK_METRICS_PROMETHEUS : HAK_METRICS_OPENMETRICS,
                      &sink);
    flush(file);
}

/* Under another name until it is whole. A process of the same number may have left one behind. */
static void create(struct file *file, long pid)
{
    size_t at = add_text(file->temporary, 0, file->path);
    at = add_text(file->temporary, at, ".");
    at = add_number(file->temporary, at, pid);
    add_text(file->temporary, at, "~");
    file->descriptor = hak_os_file_create(file->temporary);
    if (file->descriptor == -EEXIST) {
        hak_os_file_remove(file->temporary);
        file->descriptor = hak_os_file_create(file->temporary);
    }
    if (file->descriptor < 0)
        file->error = file->descriptor;
}

static void say_error(int errors, const struct file *file)
{
    struct hak_line line = {.length = 0};
    hak_line_add(&line, "hakmem: HAKMEM_METRICS: ");
    hak_line_add(&line, wanted[0] && !is_too_long ? file->path : "the name");
    hak_line_add(&line, is_too_long ? " is too long\n" : ": not written: error ");
    if (!is_too_long) {
        hak_line_add_number(&line, (uint64_t)-file->error);
        hak_line_add(&line, " of errno(3)\n");
    }
    if (errors >= 0)
        hak_os_file_write(errors, line.text, line.length);
}

void hak_metrics_file_write(int errors)
{
    static struct file file; /* too big for a stack that may be nearly used up */
    long pid = hak_os_process_id();
    if (!wanted[0])
        return;
    file = (struct file){.descriptor = -1};
    is_too_long = is_too_long || !expand(file.path, sizeof file.path, pid);
    if (is_too_long) {
        say_error(errors, &file);
        return;
    }
    create(&file, pid);
    if (!file.error)
        write_all(&file, pid);
    if (file.descriptor >= 0)
        hak_os_file_close(file.descriptor);
    if (!file.error)
        file.error = hak_os_file_rename(file.temporary, file.path);
    if (file.error && file.descriptor >= 0)
        hak_os_file_remove(file.temporary);
    if (file.error)
        say_error(errors, &file);
}
