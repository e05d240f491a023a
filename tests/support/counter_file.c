/* SPDX-License-Identifier: MIT */
#include "counter_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const volatile char *region;
static size_t region_bytes;

bool counter_file_open(const char *folder, int pid)
{
    char path[4096];
    struct stat status;
    snprintf(path, sizeof path, "%s/%d.0.counters", folder, pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0)
        return false;
    region_bytes = (size_t)status.st_size;
    region = mmap(NULL, region_bytes, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (region == MAP_FAILED || region_bytes < HAK_COUNTER_HEADER_BYTES)
        return false;
    const volatile struct hak_counter_header *header = (const volatile void *)region;
    return header->magic == HAK_COUNTER_MAGIC && header->version == HAK_COUNTER_VERSION &&
           header->pid == (uint64_t)pid && header->page_count <= header->page_capacity &&
           header->header_bytes + (size_t)header->page_bytes * header->page_count <= region_bytes;
}

struct counter_totals counter_file_read(void)
{
    struct counter_totals totals;
    memset(&totals, 0, sizeof totals);
    totals.header = *(const volatile struct hak_counter_header *)(const volatile void *)region;
    uint64_t *sums = (uint64_t *)&totals.page;
    for (uint32_t i = 0; i < totals.header.page_count; i++) {
        const volatile uint64_t *words =
            (const volatile void *)(region + totals.header.header_bytes +
                                    (size_t)totals.header.page_bytes * i);
        for (size_t k = 0; k < sizeof totals.page / sizeof *sums; k++)
            sums[k] += words[k];
    }
    return totals;
}
