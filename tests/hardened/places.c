/* SPDX-License-Identifier: MIT */
/*
 * What lies side by side in the process's map: with guards nothing does that is in use, neither
 * slabs nor tables; and what is written at start only can't be written later.
 *
 *     places hardened|default [OFFSET...]    of variables in the library that are to be read-only
 */
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAPPINGS = 4096, SLAB = 65536 };

struct mapping {
    uintptr_t begin, end;
    char access[5];
    bool anonymous;
};

static struct mapping mappings[MAPPINGS];
static size_t mapping_count;

/* Nothing here allocates: the map is read as it is. */
static void read_map(void)
{
    static char text[1 << 20];
    size_t length = 0;
    ssize_t n;
    int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    while ((n = read(file, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)n;
    close(file);
    text[length] = 0;
    mapping_count = 0;
    for (char *line = text; *line && mapping_count < MAPPINGS; line = strchr(line, '\n') + 1) {
        struct mapping *m = &mappings[mapping_count++];
        char *at = line;
        m->begin = strtoul(at, &at, 16);
        m->end = strtoul(at + 1, &at, 16);
        memcpy(m->access, at + 1, 4);
        char *end = strchr(line, '\n');
        m->anonymous =
            !memchr(line, '/', (size_t)(end - line)) && !memchr(line, '[', (size_t)(end - line));
    }
}

static size_t mapping_of(const void *p)
{
    for (size_t i = 0; i < mapping_count; i++)
        if ((uintptr_t)p >= mappings[i].begin && (uintptr_t)p < mappings[i].end)
            return i;
    return 0;
}

static bool is_closed(size_t i)
{
    return strncmp(mappings[i].access, "---", 3) == 0;
}

static bool joins(size_t i)
{
    return i + 1 < mapping_count && mappings[i].end == mappings[i + 1].begin &&
           mappings[i + 1].anonymous;
}

/* Blocks of eight classes, a slab each. */
static unsigned slabs_alone(void)
{
    unsigned alone = 0;
    char *blocks[8];
    for (int i = 0; i < 8; i++)
        *(blocks[i] = malloc(100u + 900u * (unsigned)i)) = 1;
    read_map();
    for (int i = 0; i < 8; i++) {
        size_t m = mapping_of(blocks[i]);
        alone += mappings[m].end - mappings[m].begin == SLAB && is_closed(m - 1) &&
                 is_closed(m + 1) && joins(m - 1) && joins(m);
    }
    return alone;
}

/* Of the range that the arena reserved, from its first table to its last unit: open mappings that
 * touch. The words' are two of one table: what is in use can be written, the rest only read. */
static unsigned open_side_by_side(void)
{
    char *p = malloc(100);
    unsigned touching = 0;
    read_map();
    size_t first = mapping_of(p);
    while (first > 0 && joins(first - 1))
        first--;
    for (size_t i = first; joins(i); i++)
        touching += !is_closed(i) && !is_closed(i + 1) &&
                    !(mappings[i].access[1] == 'w' && mappings[i + 1].access[1] == '-');
    return touching;
}

static int find_library(struct dl_phdr_info *info, size_t size, void *base)
{
    if (!strstr(info->dlpi_name, "libhakmem"))
        return 0;
    *(uintptr_t *)base = info->dlpi_addr;
    return 1;
}

/* Writes what stands there: harmless where it may. */
static void write_again(void *variable)
{
    volatile uint64_t *word = variable;
    *word = *word;
}

static void try_sealed(uintptr_t address, bool hardened)
{
    struct child_end end = child_run(write_again, (void *)address, 20);
    promise(hardened ? end.signal == SIGSEGV : end.exit_status == 0,
            "%sa write to what is fixed after start: %s",
            hardened ? "" : "control: ", child_describe(&end));
}

int main(int argc, char **argv)
{
    bool hardened = argc >= 2 && strcmp(argv[1], "hardened") == 0;
    if (argc < 2 || (!hardened && strcmp(argv[1], "default") != 0)) {
        fprintf(stderr, "usage: places hardened|default [OFFSET...]\n");
        return 2;
    }
    under_hakmem();
    const char *who = hardened ? "" : "control: ";
    unsigned alone = slabs_alone(), touching = open_side_by_side();
    promise(hardened ? alone == 8 : alone == 0, "%s%u of 8 slabs have closed pages on both sides",
            who, alone);
    promise(hardened ? touching == 0 : touching > 0,
            "%s%u tables or spans are side by side with another", who, touching);
    uintptr_t base = 0;
    dl_iterate_phdr(find_library, &base);
    for (int i = 2; i < argc; i++)
        try_sealed(base + strtoul(argv[i], NULL, 16), hardened);
    return promises_end();
}
