/* SPDX-License-Identifier: MIT */
/*
 * A program that has the note and the counters of libhakmem, made up, which change all the time:
 * they go back, overflow, and speak of what is not there. Prints "runs", and goes on for so many
 * ms.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "seed_counters.h"

enum { PAGES = 4, LEVELS = 3 };

static const char *const evil[LEVELS] = {"\033]0;x\007", "\033[2J\n\001\302\233m", "\r\b\b\b%n%s"};

static union {
    struct hak_counter_header header;
    unsigned char bytes[HAK_COUNTER_HEADER_BYTES + PAGES * HAK_COUNTER_PAGE_BYTES];
} region __attribute__((aligned(64)));

struct hak_counter_header *forged_counters __attribute__((used)) = &region.header;

__asm__(".pushsection .note.hakmem, \"a\", \"note\"\n"
        ".balign 4\n"
        ".long 7, 4, 1\n"
        ".asciz \"" HAK_COUNTER_NOTE_OWNER "\"\n"
        ".balign 4\n"
        ".long forged_counters - .\n"
        ".popsection");

static struct hak_counter_page *page(unsigned number)
{
    return (void *)(region.bytes + HAK_COUNTER_HEADER_BYTES + number * HAK_COUNTER_PAGE_BYTES);
}

/* Believable most of the time, or nothing of it would be shown. */
static void forge(unsigned round)
{
    struct hak_counter_header *header = &region.header;
    volatile uint64_t *count = page(round % PAGES)->mallocs;
    *header = seed_counter_header(PAGES);
    for (unsigned f = 0; f < HAK_FACTOR_END; f++)
        snprintf(header->levels[f], sizeof header->levels[f], "%s", evil[f % LEVELS]);
    header->arena_base = (uintptr_t)&region;
    header->arena_bytes = UINT64_MAX;
    header->words_address = header->records_address = (uintptr_t)&region;
    switch (round % 8) {
    case 0:
        memset(page(round / 8 % PAGES), 0xff, HAK_COUNTER_PAGE_BYTES);
        break;
    case 1:
        memset(page(round / 8 % PAGES), 0, HAK_COUNTER_PAGE_BYTES);
        break;
    case 2:
        header->committed_bytes = UINT64_C(1) << 40;
        header->record_bytes = 4096;
        break;
    case 3:
        memset(header->class_bytes, 0xff, sizeof header->class_bytes);
        header->slab_classes = HAK_CLASS_LARGE;
        break;
    case 4:
        header->page_capacity = header->page_count = round % 64 ? 65536 : UINT32_MAX;
        break;
    case 5:
        header->huge_bytes = header->metadata_bytes = UINT64_MAX;
        break;
    default:
        for (unsigned c = 0; c < HAK_COUNTER_CLASSES; c++)
            count[c] += 1000;
    }
}

static double now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e3 * (double)time.tv_sec + 1e-6 * (double)time.tv_nsec;
}

int main(int argc, char **argv)
{
    double end = now_ms() + (argc > 1 ? atof(argv[1]) : 0);
    forge(7);
    puts("runs");
    fflush(stdout);
    for (unsigned round = 0; now_ms() < end; round++) {
        for (volatile int i = 0; i < 20000; i++)
            continue;
        forge(round);
    }
    return 0;
}
