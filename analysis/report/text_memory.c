/* SPDX-License-Identifier: MIT */
#include "text_memory.h"

#include <math.h>
#include <stdlib.h>

#include "text_value.h"

enum { CLASSES_SHOWN = 5 };

void print_memory_at_end(const struct report *report, const struct terminal *terminal)
{
    char text[4][32];
    const struct report_memory *memory = &report->memory;
    terminal_line(terminal, 2,
                  "memory at the end: %s mapped, %s in live blocks, %s retained, %s metadata",
                  bytes_text((double)memory->mapped, text[0], sizeof text[0]),
                  bytes_text((double)memory->live, text[1], sizeof text[1]),
                  bytes_text((double)memory->retained, text[2], sizeof text[2]),
                  bytes_text((double)memory->metadata, text[3], sizeof text[3]));
}

static void print_kind(const struct report_kind *kind, uint64_t total,
                       const struct terminal *terminal)
{
    char resident[32], live[32] = "";
    double share = total ? (double)kind->resident / (double)total : 0;
    if (kind->resident == 0)
        return;
    if (!isnan(kind->live))
        bytes_text(kind->live, live, sizeof live);
    fprintf(terminal->stream, "  %-28s %10s %6.1f %% %12s  ", kind->name,
            bytes_text((double)kind->resident, resident, sizeof resident), 100 * share, live);
    terminal_bar(terminal, share, terminal->width - 68);
    fputc('\n', terminal->stream);
}

static uint64_t hollow(const struct report_class *class)
{
    return class->resident > class->live ? class->resident - class->live : 0;
}

static int by_hollow(const void *a, const void *b)
{
    uint64_t x = hollow(*(const struct report_class *const *)a);
    uint64_t y = hollow(*(const struct report_class *const *)b);
    return (x < y) - (x > y);
}

/* The size classes whose slabs hold most memory that is not in live blocks. */
static void print_hollow_classes(const struct report *report, const struct terminal *terminal)
{
    const struct report_class *classes[REPORT_CLASSES_MAX];
    char resident[32], live[32];
    size_t shown = report->class_count < CLASSES_SHOWN ? report->class_count : CLASSES_SHOWN;
    for (size_t i = 0; i < report->class_count; i++)
        classes[i] = &report->classes[i];
    qsort(classes, report->class_count, sizeof classes[0], by_hollow);
    for (size_t i = 0; i < shown && hollow(classes[i]) != 0; i++)
        fprintf(terminal->stream, "    of %-23s %10s %8s %12s\n", classes[i]->name,
                bytes_text((double)classes[i]->resident, resident, sizeof resident), "",
                bytes_text((double)classes[i]->live, live, sizeof live));
}

void print_resident(const struct report *report, const struct terminal *terminal)
{
    const struct report_resident *resident = &report->resident;
    FILE *stream = terminal->stream;
    char total[32], most[32];
    if (!resident->seen)
        return;
    fputc('\n', stream);
    terminal_bold(terminal, true);
    fprintf(stream, "  %-28s %10s %8s %12s\n", "resident memory at its most", "resident", "share",
            "in live blocks");
    terminal_bold(terminal, false);
    for (size_t k = 0; k < resident->kind_count; k++) {
        print_kind(&resident->kinds[k], resident->total, terminal);
        if (k == 0)
            print_hollow_classes(report, terminal);
    }
    terminal_line(
        terminal, 2, "process %d after %.3f s: %s, of %s at the most; the largest of %llu looks",
        resident->pid, resident->at_s, bytes_text((double)resident->total, total, sizeof total),
        bytes_text(1024.0 * (double)report->max_rss_kb, most, sizeof most),
        (unsigned long long)resident->looks);
}
