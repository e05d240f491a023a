/* SPDX-License-Identifier: MIT */
#include "uprobe.h"

#include <errno.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "perf_event.h"
#include "slow_path_holder.h"

struct search {
    uintptr_t address;
    uint64_t offset; /* in the file */
};

static int search_program(struct dl_phdr_info *info, size_t bytes, void *context)
{
    struct search *search = context;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + part->p_vaddr;
        if (part->p_type != PT_LOAD || search->address < start ||
            search->address - start >= part->p_filesz)
            continue;
        search->offset = search->address - start + part->p_offset;
        return 1;
    }
    return -1; /* the program itself comes first; its libraries are not asked */
}

static int uprobe_type(void)
{
    int type = -1;
    FILE *file = fopen("/sys/bus/event_source/devices/uprobe/type", "re");
    if (!file)
        return -1;
    if (fscanf(file, "%d", &type) != 1)
        type = -1;
    fclose(file);
    return type;
}

int uprobe_open(const void *place, pid_t pid)
{
    struct search search = {.address = (uintptr_t)place};
    int type = uprobe_type();
    if (type < 0 || dl_iterate_phdr(search_program, &search) != 1) {
        errno = ENODEV;
        return -1;
    }
    struct perf_event_attr attr = {
        .size = sizeof attr,
        .type = (uint32_t)type,
        .config1 = (uintptr_t) "/proc/self/exe",
        .config2 = search.offset,
    };
    return perf_event_open_on(&attr, pid, -1);
}

void uprobe_close(int event)
{
    if (event < 0)
        return;
    int holder = holder_start(&event, 1);
    close(event);
    holder_release(holder);
}
