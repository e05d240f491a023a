/* SPDX-License-Identifier: MIT */
#include "trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *map_file(struct trace_file *file, const char *path)
{
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const char *fault = NULL;
    if (descriptor < 0)
        return strerror(errno);
    if (fstat(descriptor, &status) != 0)
        fault = strerror(errno);
    else if (!S_ISREG(status.st_mode))
        fault = "not a regular file";
    else if ((size_t)status.st_size < sizeof file->header)
        fault = "too short for a trace";
    else {
        file->bytes = (size_t)status.st_size;
        file->mapping = mmap(NULL, file->bytes, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (file->mapping == MAP_FAILED) {
            file->mapping = NULL;
            fault = strerror(errno);
        }
    }
    close(descriptor);
    return fault;
}

/* Tables are made as large as the header says, so it must not say more than the file holds. */
static const char *check_header(struct trace_file *file)
{
    struct trace_header *header = &file->header;
    memcpy(header, file->mapping, sizeof *header);
    trace_swap_header(header);
    if (memcmp(header->magic, TRACE_MAGIC, sizeof header->magic) != 0)
        return "not a trace of hakmem-trace record";
    if (header->version != TRACE_VERSION)
        return "a trace of another version";
    if (header->header_bytes != sizeof *header)
        return "damaged: its header's length";
    uint64_t bytes = file->bytes - sizeof *header;
    if (bytes % sizeof(struct trace_record) ||
        header->records != bytes / sizeof(struct trace_record))
        return "truncated, or longer than its header says";
    if (header->records == 0 || header->records > UINT32_MAX)
        return "without operations, or with too many";
    if (header->objects > header->records || header->threads > header->records ||
        header->threads == 0)
        return "damaged: more objects or threads than records";
    file->records = (const void *)((const char *)file->mapping + sizeof *header);
    return NULL;
}

bool trace_file_open(struct trace_file *file, const char *path, char *why, size_t why_bytes)
{
    *file = (struct trace_file){0};
    const char *fault = map_file(file, path);
    if (!fault)
        fault = check_header(file);
    if (!fault)
        return true;
    snprintf(why, why_bytes, "%s", fault);
    trace_file_close(file);
    return false;
}

void trace_file_close(struct trace_file *file)
{
    if (file->mapping)
        munmap(file->mapping, file->bytes);
    file->mapping = NULL;
}
